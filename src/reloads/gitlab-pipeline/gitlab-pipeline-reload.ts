import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { openGitlab } from '../../lib/gitlab/gitlab-client.ts';
import { keepAsking } from '../../lib/http-probe/keep-asking.ts';
import { fillTemplate } from '../../lib/template.ts';
import { lookAtRun } from './look-at-run.ts';
import type { GitlabPipelineOptions } from './options.ts';
import { createPipelineApi, type PipelineApi, type Run } from './pipeline-api.ts';

/** The time of a reload may be that of a pipeline; one request has no need of all of it. */
const REQUEST_MS = 30_000;

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openGitlabPipelineReload(
  options: GitlabPipelineOptions,
  open: OpenContext,
): Promise<Reload> {
  const { name: subject, clock } = open;
  const client = await openGitlab(options, { ...open, timeoutMs: Math.min(open.timeoutMs, REQUEST_MS) });
  const api = createPipelineApi(client, options.project);
  return {
    run: async ({ service }, { signal }) => {
      const fill = (text: string): string => fillTemplate(text, { service }, subject);
      const job = options.job === undefined ? undefined : fill(options.job);
      const pipeline = await api.create(pipelineWish(options, fill), signal);
      return waitFor(api, { pipeline, job }, options, { clock, signal, subject });
    },
  };
}

function pipelineWish(
  { ref, variables, inputs }: GitlabPipelineOptions,
  fill: (text: string) => string,
): JsonObject {
  const filled = Object.entries(variables).map(([key, value]) => ({ key, value: fill(value) }));
  const given = Object.entries(inputs).map(([name, value]) => [
    name,
    typeof value === 'string' ? fill(value) : value,
  ]);
  return {
    ref,
    ...(filled.length === 0 ? {} : { variables: filled }),
    // GitLab that does not know inputs is not asked for them.
    ...(given.length === 0 ? {} : { inputs: Object.fromEntries(given) as JsonObject }),
  };
}

async function waitFor(
  api: PipelineApi,
  { pipeline, job }: { readonly pipeline: Run; readonly job: string | undefined },
  limits: Pick<GitlabPipelineOptions, 'attempts' | 'interval'>,
  pace: Parameters<typeof keepAsking>[1],
): Promise<JsonObject> {
  const { reply, attempts } = await keepAsking(limits, pace, () =>
    lookAtRun(api, pipeline.id, job, pace.signal),
  );
  const { settled, run, summary } = reply;
  if (settled && run?.status === 'success') {
    return { pipeline: pipeline.id, url: run.url, looks: attempts, ...(job === undefined ? {} : { job }) };
  }
  const where = run?.url ?? pipeline.url;
  throw new RotationError('CHECK_FAILED', {
    subject: pace.subject,
    action: `wait for pipeline ${pipeline.id}`,
    reason: settled ? `${summary}: ${where}` : `it has not succeeded after ${attempts} looks: ${summary}`,
    hint: hintFor(reply, where),
  });
}

function hintFor({ settled, run }: { settled: boolean; run: Run | undefined }, where: string): string {
  if (!settled) return `Look at ${where}. If it only needs longer, raise \`attempts\` or \`interval\`.`;
  if (run?.status === 'manual')
    return 'Let the job run by itself, or name it with `job`: keyturn then starts it.';
  return `Look at ${where}. Mend what it failed on, then run \`keyturn resume\`.`;
}
