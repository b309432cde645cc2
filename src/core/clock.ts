/** Time, injected so that tests decide what it is. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with ABORTED when the signal fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
