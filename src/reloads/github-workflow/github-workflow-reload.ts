import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { type GithubClient, openGithub } from '../../lib/github/github-client.ts';
import { forRequests } from '../../lib/reload/request-time.ts';
import { startTimeLimit } from '../../lib/reload/time-limit.ts';
import { withClient } from '../../lib/reload/with-client.ts';
import { fillTemplate } from '../../lib/template.ts';
import type { GithubWorkflowOptions } from './options.ts';
import type { Run } from './run.ts';
import { waitForRuns } from './wait-for-runs.ts';
import { createWorkflowApi, type WorkflowApi } from './workflow-api.ts';

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export async function openGithubWorkflowReload(
  options: GithubWorkflowOptions,
  open: OpenContext,
): Promise<Reload> {
  const { name: subject, clock, timeoutMs } = open;
  const connect = (): Promise<GithubClient> => openGithub(options, forRequests(open));
  // What cannot be used is said before anything is pushed.
  (await connect()).close();
  return {
    run: ({ service }, { signal }) =>
      withClient(connect, async (client) => {
        const api = createWorkflowApi(client, options);
        const inputs = inputsFor(options, service, subject);
        const before = await api.latestRuns(signal);
        const limit = startTimeLimit(timeoutMs, { clock, signal, subject });
        const look = await limit.within((within) => start(api, options, { inputs, before }, within));
        const { runs, looks } = await waitForRuns(look, limit, { subject, interval: options.interval });
        return { workflow: options.workflow, runs: runs.map(({ url }) => url), looks };
      }),
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
  { inputs, before }: { readonly inputs: Record<string, string>; readonly before: readonly Run[] },
  signal: AbortSignal,
): Promise<(signal: AbortSignal) => Promise<readonly Run[]>> {
  const newest = Math.max(0, ...before.map(({ id }) => id));
  const id = await api.dispatch(branch, inputs, signal);
  if (id !== undefined) return async (now) => [await api.run(id, now)];
  const name = branch.replace(/^refs\/(heads|tags)\//, '');
  return async (now) =>
    (await api.latestRuns(now)).filter((run) => run.id > newest && (run.branch ?? name) === name);
}
