import type { Interruption } from '../engine/driver.ts';

export interface InterruptionListener extends Interruption {
  /** What the first Ctrl-C does: a terminal in raw mode gives it to the prompt as a key, not as a signal. */
  interrupt(): void;
  stop(): void;
}

/**
 * SIGINT and SIGTERM: the first lets what is in hand finish and be journalled, the second cancels it too. Neither
 * kills the process: it leaves by the front door, with the resume command on screen.
 */
export function listenForInterruption(onFirst: () => void): InterruptionListener {
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
    interrupt: () => soft.abort(),
    stop: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
