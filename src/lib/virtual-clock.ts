import type { Clock } from '../core/clock.ts';
import { RotationError } from '../core/errors/rotation-error.ts';

/** A clock on which a soak of a week takes no time: sleeping moves it on. For rehearsals and tests. */
export function virtualClock(start: number): Clock & { advance(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms, signal) => {
      if (signal?.aborted === true)
        throw new RotationError('ABORTED', { subject: 'the wait', reason: 'asked to stop' });
      now += ms;
      // Let I/O that is under way come in, as a real pause would.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
