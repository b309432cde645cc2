import type { Clock } from '../../core/clock.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Pipeline, Workflow } from './pipeline-api.ts';

interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly subject: string;
  /** How a person finds it: `pipeline 42 of gh/acme/shop`. */
  readonly title: string;
  readonly intervalMs: number;
  /** From now, in ms. */
  readonly limitMs: number;
}

/** From these there is no way to success. */
const LOST = new Set(['failed', 'failing', 'error', 'canceled', 'unauthorized']);

/** CircleCI may ask for patience, but not hold up a rotation for as long as it likes. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/**
 * Looks until the pipeline has its workflows and every one of them has succeeded.
 * @throws RotationError CHECK_FAILED when one has not, or not in time; ABORTED; what is no passing trouble of a look
 */
export async function waitForPipeline(
  look: () => Promise<Pipeline>,
  waiting: Waiting,
): Promise<{ readonly workflows: readonly Workflow[]; readonly looks: number }> {
  const { clock, signal, intervalMs, limitMs } = waiting;
  const end = clock.now() + limitMs;
  for (let looks = 1; ; looks += 1) {
    const { pipeline, trouble, pauseMs } = await once(look);
    if (pipeline !== undefined) {
      assertNotLost(pipeline, waiting);
      if (hasSucceeded(pipeline)) return { workflows: pipeline.workflows, looks };
    }
    const pause = Math.max(intervalMs, pauseMs);
    if (clock.now() + pause > end) throw tooSlow(waiting, trouble ?? progressOf(pipeline));
    await clock.sleep(pause, signal);
  }
}

interface Look {
  readonly pipeline?: Pipeline;
  readonly trouble?: string;
  readonly pauseMs: number;
}

/** A look that failed for a moment says nothing of the pipeline. */
async function once(look: () => Promise<Pipeline>): Promise<Look> {
  try {
    return { pipeline: await look(), pauseMs: 0 };
  } catch (error) {
    if (!isRotationError(error) || !error.retryable) throw error;
    const asked = (error.context.retryAfter ?? 0) * 1000;
    return { trouble: error.message, pauseMs: Math.min(asked, LONGEST_PAUSE_MS) };
  }
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
