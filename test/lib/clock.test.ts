import { expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';

test('it tells the time of the machine', () => {
  const before = Date.now();
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
});

test.each([
  ['the real clock', systemClock],
  ['the clock of rehearsals', virtualClock(0)],
])('%s sleeps, also for somebody who cannot be interrupted', async (_which, clock) => {
  await expect(clock.sleep(0)).resolves.toBeUndefined();
  await expect(clock.sleep(0, new AbortController().signal)).resolves.toBeUndefined();
});

test.each([
  ['the real clock', systemClock],
  ['the clock of rehearsals', virtualClock(0)],
])('%s does not begin a sleep that was called off: ABORTED', async (_which, clock) => {
  await expect(clock.sleep(60_000, AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
});
