import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { lookUntil } from '../../src/lib/reload/look-until.ts';
import { startTimeLimit, type TimeLimit } from '../../src/lib/reload/time-limit.ts';
import { type InstantClock, instantClock } from '../../src/testing/instant-clock.ts';
import { failure } from '../support/failure.ts';

const MINUTE = 60_000;

let clock: InstantClock;
let stop: AbortController;
beforeEach(() => {
  clock = instantClock();
  stop = new AbortController();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const limitOf = (ms: number, over: Clock = clock): TimeLimit =>
  startTimeLimit(ms, { clock: over, signal: stop.signal, subject: 'the reload' });

type Look = (signal: AbortSignal) => Promise<string>;

const wait = (look: Look, limit: TimeLimit, interval = '10s') =>
  lookUntil(look, limit, {
    subject: 'the reload',
    action: 'wait for it',
    interval,
    isUp: (seen) => seen === 'up',
    tell: (seen) => `it is ${seen}`,
    hint: () => 'Look at it.',
  });

const starting: Look = async () => 'starting';

/** A question that nobody answers, as the HTTP client sees it. */
const unanswered =
  (code: 'ABORTED' | 'INDETERMINATE'): Look =>
  (signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () =>
        reject(new RotationError(code, { subject: 'the system', reason: 'asked to stop' })),
      );
    });

const down = (retryAfter: number): Look => {
  return async () => {
    throw new RotationError('UNAVAILABLE', { subject: 'the system', reason: 'status 503', retryAfter });
  };
};

describe('the time of a reload', () => {
  it('is used up before it is given up: what was seen last is told, and what to do', async () => {
    const error = await failure(wait(starting, limitOf(MINUTE)));
    expect(error).toMatchObject({ code: 'CHECK_FAILED', hint: expect.stringContaining('raise `timeout`') });
    expect(error.message).toContain('not done within 1m: it is starting');
    expect(clock.sleeps).toEqual([10_000, 10_000, 10_000, 10_000, 10_000, 5000]);
  });

  it.each<[string, (words: string) => Promise<string>]>([
    ['was seen last', async (words) => words],
    [
      'the last look failed of',
      async (reason) => {
        throw new RotationError('UNAVAILABLE', { subject: 'the system', reason });
      },
    ],
  ])('is told of without half of a value in what %s', async (_of, look) => {
    const value = new Secret(randomBytes(200).toString('hex')).reveal();
    const { message } = await failure(wait(() => look(`waiting for ${value} to be known`), limitOf(MINUTE)));
    expect(message).not.toContain(value.slice(0, 16));
    expect(message).toContain('waiting for [redacted] to be known');
  });

  it('has room for a second look, however long the interval and the patience that is asked for', async () => {
    await failure(wait(starting, limitOf(MINUTE), '5m'));
    expect(clock.sleeps).toEqual([55_000]);
    await failure(wait(down(86_400), limitOf(MINUTE)));
    expect(clock.sleeps).toEqual([55_000, 55_000]);
  });

  it('goes on for as long as a system may ask for, when there is so much', async () => {
    await failure(wait(down(86_400), limitOf(10 * MINUTE)));
    expect(clock.sleeps).toEqual([300_000, 295_000]);
  });

  it('is not that of others, who move the same clock in a rehearsal', async () => {
    let others = 0;
    const now = (): number => {
      others += 30_000;
      return clock.now() + others;
    };
    const shared = { sleep: clock.sleep, now };
    await failure(wait(starting, limitOf(MINUTE, shared)));
    expect(clock.sleeps).toHaveLength(6);
  });

  it('is shared by what is waited for one after the other', async () => {
    const limit = limitOf(MINUTE);
    let looks = 0;
    await wait(async () => (++looks < 5 ? 'starting' : 'up'), limit);
    const error = await failure(wait(starting, limit));
    expect(error.message).toContain('it is starting');
    expect(clock.now()).toBe(55_000);
  });

  it('remembers what was seen before a look that failed', async () => {
    let looks = 0;
    const error = await failure(
      wait((signal) => (++looks === 1 ? starting(signal) : down(0)(signal)), limitOf(MINUTE)),
    );
    expect(error.message).toContain('it is starting; the last look failed: status 503');
  });
});

describe('one question', () => {
  it('gets no more time than is left, and a look that got none is no answer', async () => {
    const limit = limitOf(MINUTE);
    await limit.pause(59_000);
    const asked = failure(limit.within(unanswered('ABORTED')));
    await vi.advanceTimersByTimeAsync(1000);
    expect(await asked).toMatchObject({ code: 'TIMEOUT', retryable: true });
  });

  it('that was a write may have been heard', async () => {
    const asked = failure(limitOf(1000).within(unanswered('INDETERMINATE')));
    await vi.advanceTimersByTimeAsync(1000);
    const error = await asked;
    expect(error.code).toBe('INDETERMINATE');
    expect(error.message).toContain('no answer in the time that was left');
  });

  it('costs the time it takes', async () => {
    const passing = { now: () => Date.now(), sleep: clock.sleep };
    const limit = limitOf(MINUTE, passing);
    const asked = limit.within(() => new Promise((resolve) => setTimeout(resolve, 20_000)));
    await vi.advanceTimersByTimeAsync(20_000);
    await asked;
    expect(limit.left()).toBe(40_000);
  });

  it('is not asked when no time is left', async () => {
    const limit = limitOf(MINUTE);
    await limit.pause(MINUTE);
    const asked = vi.fn(starting);
    expect((await failure(limit.within(asked))).code).toBe('TIMEOUT');
    expect((await failure(wait(asked, limit))).code).toBe('CHECK_FAILED');
    expect(asked).not.toHaveBeenCalled();
  });
});

describe('whoever asks us to stop', () => {
  it('ends a look at once', async () => {
    const waiting = failure(wait(unanswered('ABORTED'), limitOf(MINUTE)));
    stop.abort();
    expect((await waiting).code).toBe('ABORTED');
    expect(clock.sleeps).toEqual([]);
  });

  it('ends a pause', async () => {
    const stopping =
      (look: Look): Look =>
      (signal) => {
        stop.abort();
        return look(signal);
      };
    expect((await failure(wait(stopping(starting), limitOf(MINUTE)))).code).toBe('ABORTED');
  });

  it('is told so at the end of the time as well', async () => {
    const limit = limitOf(MINUTE);
    await limit.pause(59_000);
    const last: Look = async () => {
      stop.abort();
      return 'starting';
    };
    expect((await failure(wait(last, limit))).code).toBe('ABORTED');
  });
});
