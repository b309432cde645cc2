import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { RotationError } from '../core/errors/rotation-error.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (cause) {
      throw new RotationError('ABORTED', { subject: 'the wait', reason: 'asked to stop' }, { cause });
    }
  },
};
