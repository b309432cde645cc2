import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import type { ErrorCode } from '../../src/core/errors/codes.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { type RetryPolicy, withRetry } from '../../src/lib/retry.ts';

const POLICY: RetryPolicy = { attempts: 4, baseDelayMs: 100, maxDelayMs: 250 };

/** Work that fails with each of the codes in turn and then gives `done`. */
function failing(...codes: readonly (ErrorCode | RotationError)[]) {
  let tries = 0;
  return {
    tries: () => tries,
    work: async (): Promise<string> => {
      const next = codes[tries];
      tries += 1;
      if (next === undefined) return 'done';
      throw next instanceof RotationError ? next : new RotationError(next, { subject: 'thing' });
    },
  };
}

function slowDown(retryAfter: number): RotationError {
  return new RotationError('RATE_LIMITED', { subject: 'thing', retryAfter });
}

function setUp() {
  const pauses: number[] = [];
  const stop = new AbortController();
  const clock: Clock = {
    now: () => 0,
    sleep: async (ms) => {
      pauses.push(ms);
    },
  };
  return { pauses, stop, ctx: { clock, signal: stop.signal } };
}

describe('what certainly had no effect', () => {
  it.each(['RATE_LIMITED', 'UNAVAILABLE', 'TIMEOUT'] as const)('is tried again: %s', async (code) => {
    const { ctx } = setUp();
    const { work, tries } = failing(code, code);
    expect(await withRetry(work, POLICY, ctx)).toBe('done');
    expect(tries()).toBe(3);
  });

  it('is given up when the budget is used, with what was thrown last', async () => {
    const { ctx, pauses } = setUp();
    const last = new RotationError('UNAVAILABLE', { subject: 'the last one' });
    const { work, tries } = failing('TIMEOUT', 'TIMEOUT', 'TIMEOUT', last, 'TIMEOUT');
    await expect(withRetry(work, POLICY, ctx)).rejects.toBe(last);
    expect(tries()).toBe(4);
    expect(pauses).toHaveLength(3);
  });
});

describe('what may have had an effect, or will fail again', () => {
  it.each([
    'INDETERMINATE',
    'CONFLICT',
    'DRIFT',
    'REFUSED',
    'UNAUTHENTICATED',
    'PERMISSION_DENIED',
    'NOT_FOUND',
    'LIMIT_REACHED',
    'ABORTED',
    'INTERNAL',
  ] as const)('is tried once: %s', async (code) => {
    const { ctx } = setUp();
    const { work, tries } = failing(code);
    await expect(withRetry(work, POLICY, ctx)).rejects.toMatchObject({ code });
    expect(tries()).toBe(1);
  });

  it('is tried once when it is an error of no known kind', async () => {
    const { ctx, pauses } = setUp();
    const defect = new TypeError('x is not a function');
    await expect(withRetry(() => Promise.reject(defect), POLICY, ctx)).rejects.toBe(defect);
    expect(pauses).toEqual([]);
  });
});

describe('the pause', () => {
  it('has a ceiling that doubles up to a limit, and is spread below it', async () => {
    const all: number[][] = [[], [], []];
    for (let run = 0; run < 200; run += 1) {
      const { ctx, pauses } = setUp();
      await withRetry(failing('TIMEOUT', 'TIMEOUT', 'TIMEOUT').work, POLICY, ctx);
      for (const [turn, pause] of pauses.entries()) all[turn]?.push(pause);
    }
    for (const [turn, ceiling] of [100, 200, 250].entries()) {
      const pauses = all[turn] ?? [];
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(ceiling);
      expect(new Set(pauses).size).toBeGreaterThan(1);
    }
  });

  it('is never shorter than the system asked for, and not the same for all', async () => {
    const seen = new Set<number>();
    for (let run = 0; run < 20; run += 1) {
      const { ctx, pauses } = setUp();
      await withRetry(failing(slowDown(7)).work, POLICY, ctx);
      const [pause = 0] = pauses;
      expect(pause).toBeGreaterThanOrEqual(7000);
      expect(pause).toBeLessThanOrEqual(7100);
      seen.add(pause);
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it('is not taken when the system asks for longer than five minutes', async () => {
    const { ctx, pauses } = setUp();
    const tomorrow = slowDown(86_400);
    await expect(withRetry(failing(tomorrow).work, POLICY, ctx)).rejects.toBe(tomorrow);
    expect(pauses).toEqual([]);
  });
});

describe('being asked to stop', () => {
  it('between two tries is ABORTED, with what went wrong as its cause', async () => {
    const { ctx, stop } = setUp();
    const error = new RotationError('UNAVAILABLE', { subject: 'thing', action: 'look' });
    const work = async (): Promise<never> => {
      stop.abort();
      throw error;
    };
    const attempt = withRetry(work, POLICY, ctx);
    await expect(attempt).rejects.toMatchObject({ code: 'ABORTED', cause: error });
    await expect(attempt).rejects.toBeInstanceOf(RotationError);
  });

  it('says what was being done, where that is known', async () => {
    const stopped = async (context: { subject: string; action?: string }) => {
      const { ctx, stop } = setUp();
      const work = async (): Promise<never> => {
        stop.abort();
        throw new RotationError('UNAVAILABLE', context);
      };
      return withRetry(work, POLICY, ctx).catch((error: unknown) => (error as RotationError).message);
    };
    expect(await stopped({ subject: 'thing', action: 'look' })).toContain('(while trying to look)');
    expect(await stopped({ subject: 'thing' })).toBe('thing was interrupted: asked to stop');
  });

  it('during the pause ends it', async () => {
    const { ctx } = setUp();
    const aborted = new RotationError('ABORTED', { subject: 'the wait' });
    const { work, tries } = failing('UNAVAILABLE');
    const clock: Clock = { now: () => 0, sleep: () => Promise.reject(aborted) };
    await expect(withRetry(work, POLICY, { ...ctx, clock })).rejects.toBe(aborted);
    expect(tries()).toBe(1);
  });
});
