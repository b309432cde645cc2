import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { parseDuration } from '../../lib/duration.ts';
import { openGithub } from '../../lib/github/github-client.ts';
import { fillTemplate } from '../../lib/template.ts';
import type { GithubWorkflowOptions } from './options.ts';
import type { Run } from './run.ts';
import { waitForRuns } from './wait-for-runs.ts';
import { createWorkflowApi, type WorkflowApi } from './workflow-api.ts';

/** The time of a reload is that of the run; one request has no need of all of it. */
const REQUEST_MS = 30_000;

/** @throws RotationError CONFIG_INVALID when `ca` cannot be resolved */
export async function openGithubWorkflowReload(
  options: GithubWorkflowOptions,
  open: OpenContext,
): Promise<Reload> {
  const { name, clock, timeoutMs } = open;
  const client = await openGithub(options, { ...open, timeoutMs: Math.min(timeoutMs, REQUEST_MS) });
  const api = createWorkflowApi(client, options);
  return {
    run: async ({ service }, { signal }) => {
      const started = await start(api, options, inputsFor(options, service, name), signal);
      const { runs, looks } = await waitForRuns(() => started(signal), {
        clock,
        signal,
        subject: name,
        intervalMs: parseDuration(options.interval) ?? 0,
        limitMs: timeoutMs,
      });
      return { workflow: options.workflow, runs: runs.map(({ url }) => url), looks };
    },
  };
}

function inputsFor({ inputs }: GithubWorkflowOptions, service: string, name: string): Record<string, string> {
  const filled = Object.entries(inputs).map(([input, template]): [string, string] => [
    input,
    fillTemplate(template, { service }, `${name}, input ${input}`),
  ]);
  return Object.fromEntries(filled);
}

/**
 * Starts the workflow; gives how to look at its run. Where the server does not tell which run it started, every run of
 * the branch that was not there before has to succeed: all of them were queued after the push, and read what it wrote.
 */
async function start(
  api: WorkflowApi,
  { branch }: GithubWorkflowOptions,
  inputs: Record<string, string>,
  signal: AbortSignal,
): Promise<(signal: AbortSignal) => Promise<readonly Run[]>> {
  const before = await api.latestRuns(signal);
  const newest = Math.max(0, ...before.map(({ id }) => id));
  const id = await api.dispatch(branch, inputs, signal);
  if (id !== undefined) return async (now) => [await api.run(id, now)];
  const name = branch.replace(/^refs\/(heads|tags)\//, '');
  return async (now) =>
    (await api.latestRuns(now)).filter((run) => run.id > newest && (run.branch ?? name) === name);
}
