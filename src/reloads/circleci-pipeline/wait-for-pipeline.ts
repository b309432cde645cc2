import { RotationError } from '../../core/errors/rotation-error.ts';
import { lookUntil, type Pace } from '../../lib/http-probe/look-until.ts';
import type { Pipeline, Workflow } from './pipeline-api.ts';

interface Waiting extends Pace {
  readonly subject: string;
  /** How a person finds it: `pipeline 42 of gh/acme/shop`. */
  readonly title: string;
}

/** From these there is no way to success. */
const LOST = new Set(['failed', 'failing', 'error', 'canceled', 'unauthorized']);

/**
 * Looks until the pipeline has its workflows and every one of them has succeeded.
 * @throws RotationError CHECK_FAILED when one has not, or not in time; ABORTED; what is no passing trouble of a look
 */
export async function waitForPipeline(
  look: () => Promise<Pipeline>,
  waiting: Waiting,
): Promise<{ readonly workflows: readonly Workflow[]; readonly looks: number }> {
  const { seen, looks } = await lookUntil(look, waiting, {
    isDone: (pipeline) => {
      assertNotLost(pipeline, waiting);
      return hasSucceeded(pipeline);
    },
    tooSlow: (pipeline, trouble) => tooSlow(waiting, trouble ?? progressOf(pipeline)),
  });
  return { workflows: seen.workflows, looks };
}

/** A setup workflow succeeds while those it asks for are still to come: until then the state is another one. */
function hasSucceeded({ state, workflows }: Pipeline): boolean {
  return state === 'created' && workflows.length > 0 && workflows.every(({ status }) => status === 'success');
}

function assertNotLost({ state, errors, workflows }: Pipeline, { subject, title }: Waiting): void {
  const lost = workflows.find(({ status }) => LOST.has(status));
  if (lost === undefined && state !== 'errored') return;
  throw new RotationError('CHECK_FAILED', {
    subject,
    action: 'wait for the pipeline',
    reason:
      lost === undefined
        ? `${title} has no sound config: ${errors.join('; ') || 'no reason given'}`
        : `workflow ${lost.name} of ${title} is ${lost.status}`,
    hint: 'Look at the pipeline. A reload is safe to repeat.',
  });
}

function progressOf(pipeline: Pipeline | undefined): string {
  const open = pipeline?.workflows.find(({ status }) => status !== 'success');
  if (open !== undefined) return `workflow ${open.name} is ${open.status}`;
  return pipeline?.workflows.length === 0
    ? 'it has started no workflow'
    : `it is ${pipeline?.state ?? 'not to be seen'}`;
}

function tooSlow({ subject, title, limitMs }: Waiting, seen: string): RotationError {
  return new RotationError('CHECK_FAILED', {
    subject,
    action: 'wait for the pipeline',
    reason: `${title} was triggered, but has not succeeded within ${limitMs / 1000} s: ${seen}`,
    hint: 'Look at the pipeline: it may wait for a machine or an approval. If it only needs longer, raise `timeout`.',
  });
}
