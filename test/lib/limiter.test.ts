import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../src/lib/limiter.ts';

/** Work that ends when it is told to. */
function handWork() {
  const started: number[] = [];
  const endings = new Map<number, { end: () => void; fail: () => void }>();
  return {
    started,
    work: (name: number) => () => {
      started.push(name);
      return new Promise<number>((resolve, reject) => {
        endings.set(name, { end: () => resolve(name), fail: () => reject(new Error(`work ${name}`)) });
      });
    },
    end: (name: number) => endings.get(name)?.end(),
    fail: (name: number) => endings.get(name)?.fail(),
  };
}

/** Lets everything run that can run now. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a limiter', () => {
  it('starts no more than it may, and the next when one ends, first come, first served', async () => {
    const { started, work, end } = handWork();
    const limit = createLimiter(2);
    const all = [1, 2, 3, 4].map((name) => limit(work(name)));
    await settle();
    expect(started).toEqual([1, 2]);
    end(2);
    await settle();
    expect(started).toEqual([1, 2, 3]);
    end(1);
    await settle();
    expect(started).toEqual([1, 2, 3, 4]);
    end(3);
    end(4);
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
  });

  it('gives a place free when work fails, and the failure to who asked', async () => {
    const { started, work, fail, end } = handWork();
    const limit = createLimiter(1);
    const failed = expect(limit(work(1))).rejects.toThrow('work 1');
    const next = limit(work(2));
    await settle();
    fail(1);
    await failed;
    await settle();
    expect(started).toEqual([1, 2]);
    end(2);
    expect(await next).toBe(2);
  });

  it('gives a place free when work throws before its first await', async () => {
    const limit = createLimiter(1);
    const throws = (): Promise<never> => {
      throw new Error('at once');
    };
    await expect(limit(throws)).rejects.toThrow('at once');
    expect(await limit(async () => 'next')).toBe('next');
  });

  it.each([0, -1, Number.NaN])('of %d is refused: it would wait for ever', (concurrency) => {
    expect(() => createLimiter(concurrency)).toThrow(RangeError);
  });

  it('never runs more than it may, finishes all, and keeps their order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.record({ turns: fc.nat(3), fails: fc.boolean() }), { maxLength: 60 }),
        async (concurrency, jobs) => {
          const limit = createLimiter(concurrency);
          const order: number[] = [];
          let active = 0;
          let most = 0;
          const outcomes = await Promise.allSettled(
            jobs.map(({ turns, fails }, name) =>
              limit(async () => {
                order.push(name);
                active += 1;
                most = Math.max(most, active);
                for (let turn = 0; turn < turns; turn += 1) await settle();
                active -= 1;
                if (fails) throw new Error('as asked');
              }),
            ),
          );
          expect(most).toBeLessThanOrEqual(concurrency);
          expect(order).toEqual(jobs.map((_job, name) => name));
          expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(jobs.map(({ fails }) => fails));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('outlives thousands who wait', async () => {
    const limit = createLimiter(3);
    const numbers = Array.from({ length: 5000 }, (_value, index) => index);
    expect(await Promise.all(numbers.map((number) => limit(async () => number)))).toEqual(numbers);
  });
});
