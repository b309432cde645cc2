import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { openCircleci } from '../../lib/circleci/circleci-client.ts';
import { parseDuration } from '../../lib/duration.ts';
import { fillTemplate } from '../../lib/template.ts';
import type { CircleciPipelineOptions } from './options.ts';
import { createPipelineApi } from './pipeline-api.ts';
import { waitForPipeline } from './wait-for-pipeline.ts';

/** The time of a reload is that of the pipeline; one request has no need of all of it. */
const REQUEST_MS = 30_000;

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export async function openCircleciPipelineReload(
  options: CircleciPipelineOptions,
  open: OpenContext,
): Promise<Reload> {
  const { name, clock, timeoutMs } = open;
  const client = await openCircleci(options, { ...open, timeoutMs: Math.min(timeoutMs, REQUEST_MS) });
  const api = createPipelineApi(client, options);
  return {
    run: async ({ service }, { signal }) => {
      const { id, number } = await api.trigger(parametersFor(options, service, name), signal);
      const { workflows, looks } = await waitForPipeline(() => api.look(id, signal), {
        clock,
        signal,
        subject: name,
        title: `pipeline ${number} of ${options.project}`,
        intervalMs: parseDuration(options.interval) ?? 0,
        limitMs: timeoutMs,
      });
      return {
        project: options.project,
        pipeline: number,
        id,
        workflows: workflows.map((each) => each.name),
        looks,
      };
    },
  };
}

function parametersFor({ parameters }: CircleciPipelineOptions, service: string, name: string): JsonObject {
  const filled = Object.entries(parameters).map(([parameter, value]) => [
    parameter,
    typeof value === 'string' ? fillTemplate(value, { service }, `${name}, parameter ${parameter}`) : value,
  ]);
  return Object.fromEntries(filled) as JsonObject;
}
