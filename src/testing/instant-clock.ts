import type { Clock } from '../core/clock.ts';
import { RotationError } from '../core/errors/rotation-error.ts';

export interface InstantClock extends Clock {
  /** Milliseconds of every sleep so far: nobody has really slept. */
  readonly sleeps: readonly number[];
}

export function instantClock(): InstantClock {
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => sleeps.reduce((sum, ms) => sum + ms, 0),
    sleep: async (ms, signal) => {
      if (signal?.aborted)
        throw new RotationError('ABORTED', { subject: 'the wait', reason: 'asked to stop' });
      sleeps.push(ms);
    },
  };
}
