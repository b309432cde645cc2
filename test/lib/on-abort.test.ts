import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { onAbort } from '../../src/lib/http/on-abort.ts';

it('calls everybody who waits when the signal aborts, once', () => {
  const stop = new AbortController();
  const called: number[] = [];
  for (const who of [1, 2, 3]) onAbort(stop.signal, () => called.push(who));
  stop.abort();
  expect(called).toEqual([1, 2, 3]);
});

it('does not call who has stopped waiting, also in the middle of calling', () => {
  const stop = new AbortController();
  const called: string[] = [];
  const forget = onAbort(stop.signal, () => called.push('left before'));
  let leave = (): void => {};
  onAbort(stop.signal, () => leave());
  leave = onAbort(stop.signal, () => called.push('left meanwhile'));
  forget();
  stop.abort();
  expect(called).toEqual([]);
});

it('calls at once when the signal has aborted', () => {
  let called = 0;
  onAbort(AbortSignal.abort(), () => {
    called += 1;
  });
  expect(called).toBe(1);
});

it('puts one listener on a signal, however many requests wait for it', () => {
  const { signal } = new AbortController();
  for (let request = 0; request < 500; request += 1) onAbort(signal, () => {});
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
});
