import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { type CircleciClient, openCircleci } from '../../lib/circleci/circleci-client.ts';
import { forRequests } from '../../lib/reload/request-time.ts';
import { startTimeLimit } from '../../lib/reload/time-limit.ts';
import { withClient } from '../../lib/reload/with-client.ts';
import { fillTemplate } from '../../lib/template.ts';
import type { CircleciPipelineOptions } from './options.ts';
import { createPipelineApi } from './pipeline-api.ts';
import { waitForPipeline } from './wait-for-pipeline.ts';

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export async function openCircleciPipelineReload(
  options: CircleciPipelineOptions,
  open: OpenContext,
): Promise<Reload> {
  const { name: subject, clock, timeoutMs } = open;
  const { project, interval } = options;
  const connect = (): Promise<CircleciClient> => openCircleci(options, forRequests(open));
  // What cannot be used is said before anything is pushed.
  (await connect()).close();
  return {
    run: ({ service }, { signal }) =>
      withClient(connect, async (client) => {
        const api = createPipelineApi(client, options);
        const parameters = parametersFor(options, service, subject);
        const limit = startTimeLimit(timeoutMs, { clock, signal, subject });
        const { id, number } = await limit.within((within) => api.trigger(parameters, within));
        const { workflows, looks } = await waitForPipeline((within) => api.look(id, within), limit, {
          subject,
          title: `pipeline ${number} of ${project}`,
          interval,
        });
        return { project, pipeline: number, id, workflows: workflows.map(({ name }) => name), looks };
      }),
  };
}

function parametersFor({ parameters }: CircleciPipelineOptions, service: string, name: string): JsonObject {
  const filled = Object.entries(parameters).map(([parameter, value]) => [
    parameter,
    typeof value === 'string' ? fillTemplate(value, { service }, `${name}, parameter ${parameter}`) : value,
  ]);
  return Object.fromEntries(filled) as JsonObject;
}
