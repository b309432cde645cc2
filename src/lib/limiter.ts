/** At most `concurrency` pieces of work at once, first come, first served. */
export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/** @throws RangeError when `concurrency` would let nothing through */
export function createLimiter(concurrency: number): Limiter {
  if (!(concurrency >= 1)) throw new RangeError(`a limit of ${concurrency} lets nothing through`);
  const waiting: (() => void)[] = [];
  let head = 0;
  let active = 0;

  const leave = (): void => {
    const next = waiting[head];
    if (next === undefined) {
      active -= 1;
      return;
    }
    head += 1;
    if (head > 1024) {
      waiting.splice(0, head);
      head = 0;
    }
    next();
  };

  return async (work) => {
    if (active >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else active += 1;
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
