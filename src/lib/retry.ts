import type { Clock } from '../core/clock.ts';
import { isRotationError, RotationError } from '../core/errors/rotation-error.ts';

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** First pause; doubles each time, with full jitter, up to `maxDelayMs`. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 4, baseDelayMs: 250, maxDelayMs: 15_000 };

/** The longest all tries of a piece of work may take together, the pauses between them included. */
export function longestMs({ attempts, maxDelayMs }: RetryPolicy, oneTryMs: number): number {
  return attempts * oneTryMs + (attempts - 1) * (LONGEST_WAIT_MS + maxDelayMs);
}

export interface RetryContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A system that asks for more is not waited for: the error says so, and `keyturn resume` goes on later. */
const LONGEST_WAIT_MS = 5 * 60_000;

/**
 * Repeats `work` while it throws a retryable RotationError (one that promises that nothing happened) and the
 * budget lasts. A `retryAfter` asked for by the system is honoured even when it is longer than `maxDelayMs`, with
 * the jitter on top, so that those who were turned away together do not come back together.
 * @throws RotationError ABORTED when asked to stop between two tries; otherwise what `work` threw last
 */
export async function withRetry<T>(
  work: () => Promise<T>,
  policy: RetryPolicy,
  ctx: RetryContext,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRotationError(error) || !error.retryable || attempt >= policy.attempts) throw error;
      if (ctx.signal.aborted) throw stoppedAfter(error);
      const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
      const asked = (error.context.retryAfter ?? 0) * 1000;
      if (asked > LONGEST_WAIT_MS) throw error;
      await ctx.clock.sleep(asked + Math.random() * ceiling, ctx.signal);
    }
  }
}

function stoppedAfter(error: RotationError): RotationError {
  const { subject, action } = error.context;
  const context = { subject, ...(action === undefined ? {} : { action }), reason: 'asked to stop' };
  return new RotationError('ABORTED', context, { cause: error });
}
