import type { Clock } from '../core/clock.ts';
import { isRotationError } from '../core/errors/rotation-error.ts';

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** First pause; doubles each time, with full jitter, up to `maxDelayMs`. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 4, baseDelayMs: 250, maxDelayMs: 15_000 };

export interface RetryContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Repeats `work` while it throws a retryable RotationError (one that promises that nothing happened) and the
 * budget lasts. A `retryAfter` asked for by the system is honoured even when it is longer than `maxDelayMs`.
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
      ctx.signal.throwIfAborted();
      const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
      const asked = (error.context.retryAfter ?? 0) * 1000;
      await ctx.clock.sleep(Math.max(asked, Math.random() * ceiling), ctx.signal);
    }
  }
}
