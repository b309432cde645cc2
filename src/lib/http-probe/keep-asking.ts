import type { Clock } from '../../core/clock.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { parseDuration } from '../duration.ts';
import type { Attempts } from './probe-options.ts';

interface Reply {
  /** Good enough to stop asking. */
  readonly settled: boolean;
  /** Seconds the service asked us to wait. */
  readonly retryAfter?: number | undefined;
}

/** A service may ask for patience, but not hold up a rotation for as long as it likes. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Asks until the reply is settled or the attempts are used up; gives the last reply.
 * @throws RotationError ABORTED between two attempts, and whatever `ask` throws
 */
export async function keepAsking<R extends Reply>(
  { attempts, interval }: Attempts,
  pace: { readonly clock: Clock; readonly signal: AbortSignal; readonly subject: string },
  ask: () => Promise<R>,
): Promise<{ readonly reply: R; readonly attempts: number }> {
  for (let attempt = 1; ; attempt += 1) {
    if (pace.signal.aborted)
      throw new RotationError('ABORTED', { subject: pace.subject, reason: 'asked to stop' });
    const reply = await ask();
    if (reply.settled || attempt >= attempts) return { reply, attempts: attempt };
    const asked = Math.min((reply.retryAfter ?? 0) * 1000, LONGEST_WAIT_MS);
    await pace.clock.sleep(Math.max(asked, parseDuration(interval) ?? 0), pace.signal);
  }
}
