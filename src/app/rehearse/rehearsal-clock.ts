import type { Clock } from '../../core/clock.ts';
import { virtualClock } from '../../lib/virtual-clock.ts';

/**
 * The real time and all the waits that took none. An emulator tells real times (when a key was last used), and none of
 * them may lie in the rehearsal's future.
 */
export function rehearsalClock(): Clock {
  const waited = virtualClock(0);
  return { now: () => Date.now() + waited.now(), sleep: waited.sleep };
}
