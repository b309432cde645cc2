import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startDeadline } from '../../src/lib/http/deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a deadline', () => {
  function start() {
    const caller = new AbortController();
    const deadline = startDeadline(1000, caller.signal);
    const ended = vi.fn();
    deadline.signal.addEventListener?.('abort', ended);
    return { caller, deadline, ended };
  }

  it('ends the request once, and says that it was the time', () => {
    const { caller, deadline, ended } = start();
    vi.advanceTimersByTime(1000);
    caller.abort();
    expect(ended).toHaveBeenCalledTimes(1);
    expect(deadline.passed()).toBe(true);
  });

  it('ends the request when the caller stops, and says that it was not the time', () => {
    const { caller, deadline, ended } = start();
    caller.abort();
    expect(ended).toHaveBeenCalledTimes(1);
    expect([deadline.signal.aborted, deadline.passed()]).toEqual([true, false]);
  });

  it('ends nothing when the request is over', () => {
    const { caller, deadline, ended } = start();
    deadline.clear();
    vi.advanceTimersByTime(5000);
    caller.abort();
    expect(ended).not.toHaveBeenCalled();
  });
});
