import type { Clock } from '../../core/clock.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Run } from './run.ts';

interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly subject: string;
  readonly intervalMs: number;
  /** From now, in ms. */
  readonly limitMs: number;
}

/** GitHub may ask for patience, but not hold up a rotation for as long as it likes. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/**
 * Looks until there is a run and every one it sees has succeeded.
 * @throws RotationError CHECK_FAILED when one has not, or not in time; ABORTED; what is no passing trouble of a look
 */
export async function waitForRuns(
  look: () => Promise<readonly Run[]>,
  { clock, signal, subject, intervalMs, limitMs }: Waiting,
): Promise<{ readonly runs: readonly Run[]; readonly looks: number }> {
  const end = clock.now() + limitMs;
  for (let looks = 1; ; looks += 1) {
    const { runs, trouble, pauseMs } = await once(look);
    const failed = runs.find((run) => run.status === 'completed' && run.conclusion !== 'success');
    if (failed !== undefined) throw failure(subject, failed);
    if (runs.length > 0 && runs.every(({ status }) => status === 'completed')) return { runs, looks };
    const pause = Math.max(intervalMs, pauseMs);
    if (clock.now() + pause > end) throw tooSlow(subject, limitMs, runs, trouble);
    await clock.sleep(pause, signal);
  }
}

interface Look {
  readonly runs: readonly Run[];
  readonly trouble?: string;
  readonly pauseMs: number;
}

/** A look that failed for a moment says nothing of the run. */
async function once(look: () => Promise<readonly Run[]>): Promise<Look> {
  try {
    return { runs: await look(), pauseMs: 0 };
  } catch (error) {
    if (!isRotationError(error) || !error.retryable) throw error;
    const asked = (error.context.retryAfter ?? 0) * 1000;
    return { runs: [], trouble: error.message, pauseMs: Math.min(asked, LONGEST_PAUSE_MS) };
  }
}

function failure(subject: string, { conclusion, url }: Run): RotationError {
  return new RotationError('CHECK_FAILED', {
    subject,
    action: 'wait for the run of the workflow',
    reason: `it ended with ${conclusion ?? 'nothing'}: ${url}`,
    hint: 'Look at the run. A reload is safe to repeat.',
  });
}

function tooSlow(
  subject: string,
  limitMs: number,
  runs: readonly Run[],
  trouble: string | undefined,
): RotationError {
  const [open] = runs.filter(({ status }) => status !== 'completed');
  const seen =
    open === undefined ? (trouble ?? 'no run of it is to be seen') : `${open.url} is ${open.status}`;
  return new RotationError('CHECK_FAILED', {
    subject,
    action: 'wait for the run of the workflow',
    reason: `it was started, but has not succeeded within ${limitMs / 1000} s: ${seen}`,
    hint: 'Look at the run: it may wait for a runner or an approval. If it only needs longer, raise `timeout`.',
  });
}
