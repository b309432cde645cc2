/**
 * Works through items, `concurrency` at once, in order of beginning. When `stop()` turns true nothing new begins;
 * resolves when all that began has settled. The first thrown error is rethrown after that.
 */
export async function runPool<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
  stop: () => boolean,
): Promise<void> {
  let next = 0;
  let broken = false;
  let failure: unknown;
  const worker = async (): Promise<void> => {
    while (next < items.length && !broken && !stop()) {
      const item = items[next] as T;
      next += 1;
      try {
        await work(item);
      } catch (error) {
        if (!broken) failure = error;
        broken = true;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  if (broken) throw failure;
}
