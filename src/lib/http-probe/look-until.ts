import type { Clock } from '../../core/clock.ts';
import { isRotationError, type RotationError } from '../../core/errors/rotation-error.ts';

export interface Pace {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly intervalMs: number;
  /** From now, in ms. */
  readonly limitMs: number;
}

interface Verdict<Seen> {
  /** @throws RotationError when it never will be */
  isDone(seen: Seen): boolean;
  /** `seen` is undefined when the last look failed; `trouble` is why. */
  tooSlow(seen: Seen | undefined, trouble: string | undefined): RotationError;
}

/** A system may ask for patience, but not hold up a rotation for as long as it likes. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/**
 * Looks at what goes on elsewhere until it is done, for a limited time.
 * @throws RotationError what the verdict gives; ABORTED; what is no passing trouble of a look
 */
export async function lookUntil<Seen>(
  look: () => Promise<Seen>,
  { clock, signal, intervalMs, limitMs }: Pace,
  { isDone, tooSlow }: Verdict<Seen>,
): Promise<{ readonly seen: Seen; readonly looks: number }> {
  const end = clock.now() + limitMs;
  for (let looks = 1; ; looks += 1) {
    const { seen, trouble, pauseMs } = await once(look);
    if (seen !== undefined && isDone(seen)) return { seen, looks };
    const pause = Math.max(intervalMs, pauseMs);
    if (clock.now() + pause > end) throw tooSlow(seen, trouble);
    await clock.sleep(pause, signal);
  }
}

interface Look<Seen> {
  readonly seen?: Seen;
  readonly trouble?: string;
  readonly pauseMs: number;
}

/** A look that failed for a moment says nothing of what goes on. */
async function once<Seen>(look: () => Promise<Seen>): Promise<Look<Seen>> {
  try {
    return { seen: await look(), pauseMs: 0 };
  } catch (error) {
    if (!isRotationError(error) || !error.retryable) throw error;
    const asked = (error.context.retryAfter ?? 0) * 1000;
    return { trouble: error.message, pauseMs: Math.min(asked, LONGEST_PAUSE_MS) };
  }
}
