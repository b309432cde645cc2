import { RotationError } from '../../core/errors/rotation-error.ts';
import { lookUntil } from '../../lib/reload/look-until.ts';
import type { TimeLimit } from '../../lib/reload/time-limit.ts';
import type { Pipeline, Workflow } from './pipeline-api.ts';

interface Waiting {
  readonly subject: string;
  readonly interval: string;
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
  look: (signal: AbortSignal) => Promise<Pipeline>,
  limit: TimeLimit,
  waiting: Waiting,
): Promise<{ readonly workflows: readonly Workflow[]; readonly looks: number }> {
  const { seen, looks } = await lookUntil(look, limit, {
    ...waiting,
    action: `wait for ${waiting.title}`,
    isUp: (pipeline) => {
      assertNotLost(pipeline, waiting);
      return hasSucceeded(pipeline);
    },
    tell: progressOf,
    hint: () => 'Look at the pipeline: it may wait for a machine or an approval.',
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
    action: `wait for ${title}`,
    reason:
      lost === undefined
        ? `it has no sound config: ${errors.join('; ') || 'no reason given'}`
        : `its workflow ${lost.name} is ${lost.status}`,
    hint: 'Look at the pipeline. A reload is safe to repeat.',
  });
}

function progressOf({ state, workflows }: Pipeline): string {
  const open = workflows.find(({ status }) => status !== 'success');
  if (open !== undefined) return `workflow ${open.name} is ${open.status}`;
  return workflows.length === 0 ? `it is ${state}, and has started no workflow` : `it is ${state}`;
}
