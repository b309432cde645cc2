import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { type GitlabClient, openGitlab } from '../../lib/gitlab/gitlab-client.ts';
import { forRequests } from '../../lib/reload/request-time.ts';
import { startTimeLimit } from '../../lib/reload/time-limit.ts';
import { withClient } from '../../lib/reload/with-client.ts';
import { fillTemplate } from '../../lib/template.ts';
import type { GitlabPipelineOptions } from './options.ts';
import { createPipelineApi } from './pipeline-api.ts';
import { waitForRun } from './wait-for-run.ts';

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openGitlabPipelineReload(
  options: GitlabPipelineOptions,
  open: OpenContext,
): Promise<Reload> {
  const { name: subject, clock, timeoutMs } = open;
  const connect = (): Promise<GitlabClient> => openGitlab(options, forRequests(open));
  // What cannot be used is said before anything is pushed.
  (await connect()).close();
  return {
    run: ({ service }, { signal }) =>
      withClient(connect, async (client) => {
        const api = createPipelineApi(client, options.project);
        const fill = (text: string): string => fillTemplate(text, { service }, subject);
        const job = options.job === undefined ? undefined : fill(options.job);
        const wish = pipelineWish(options, fill);
        const limit = startTimeLimit(timeoutMs, { clock, signal, subject });
        const pipeline = await limit.within((within) => api.create(wish, within));
        return waitForRun(api, { pipeline, job }, limit, { subject, interval: options.interval });
      }),
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
