import type { Interruption } from '../engine/driver.ts';

/**
 * SIGINT and SIGTERM: the first lets what is in hand finish and be journalled, the second cancels it too. Neither
 * kills the process: it leaves by the front door, with the resume command on screen.
 */
export function listenForInterruption(onFirst: () => void): Interruption & { stop(): void } {
  const soft = new AbortController();
  const hard = new AbortController();
  const onSignal = (): void => {
    if (soft.signal.aborted) hard.abort();
    else {
      soft.abort();
      onFirst();
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    soft: soft.signal,
    hard: hard.signal,
    stop: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
