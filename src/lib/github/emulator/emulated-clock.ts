/** GitHub's own clock, in whole seconds: it moves with each request, so that a test never waits for one. */
export function createEmulatedClock() {
  let now = Date.parse('2026-03-01T09:00:00Z');
  let step = 1000;
  return {
    now: (): number => now,
    /** As GitHub writes times: `2026-03-01T09:00:00Z`. */
    stamp: (): string => new Date(now).toISOString().replace('.000Z', 'Z'),
    tick: (): void => {
      now += step;
    },
    /** Requests so quick that they fall into one second. */
    stand: (): void => {
      step = 0;
    },
    advance: (ms: number): void => {
      now += ms;
    },
  };
}
