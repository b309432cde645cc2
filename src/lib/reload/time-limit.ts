import type { Clock } from '../../core/clock.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import { onAbort } from '../http/on-abort.ts';

/**
 * The time of one reload, `timeout` in the config: from the request that asks for it until the service is seen to be
 * up.
 */
export interface TimeLimit {
  /** In ms, as it was at the start. */
  readonly ms: number;
  /** Of whoever runs the reload. */
  readonly signal: AbortSignal;
  /** In ms; none is 0. */
  left(): number;
  /** @throws RotationError ABORTED */
  pause(ms: number): Promise<void>;
  /**
   * Asks, and gives it no more time than is left.
   * @throws RotationError TIMEOUT when there is none, or an answer to a question did not come in it; INDETERMINATE
   * when it was the answer to a write; and what `ask` throws
   */
  within<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** Begins now. */
export function startTimeLimit(
  ms: number,
  {
    clock,
    signal,
    subject,
  }: { readonly clock: Clock; readonly signal: AbortSignal; readonly subject: string },
): TimeLimit {
  let spent = 0;
  const left = (): number => Math.max(0, ms - spent);

  return {
    ms,
    signal,
    left,
    pause: async (pause) => {
      await clock.sleep(pause, signal);
      spent += pause;
    },
    within: async (ask) => {
      if (left() === 0) throw new RotationError('TIMEOUT', { subject, reason: NO_TIME });
      const asking = new AbortController();
      let isOver = false;
      const stop = (): void => asking.abort();
      const timer = setTimeout(() => {
        isOver = true;
        stop();
      }, left());
      const forget = onAbort(signal, stop);
      const elapsed = stopwatch(clock);
      try {
        return await ask(asking.signal);
      } catch (error) {
        throw isOver && !signal.aborted ? outOfTime(error) : error;
      } finally {
        spent += elapsed();
        clearTimeout(timer);
        forget();
      }
    },
  };
}

export const NO_TIME = 'there was no time left for it';

/**
 * Many wait on the clock of a rehearsal at once, and each of them moves it: what passed on it while we asked may be the
 * pauses of others. What passed on our own watch is ours.
 */
function stopwatch(clock: Clock): () => number {
  const [told, own] = [clock.now(), performance.now()];
  return () => Math.max(0, Math.min(clock.now() - told, performance.now() - own));
}

/** What was ended by us looks as if somebody had asked to stop. */
function outOfTime(error: unknown): unknown {
  if (!isRotationError(error)) return error;
  const { code, context } = error;
  if (code !== 'ABORTED' && code !== 'INDETERMINATE') return error;
  const reason = 'no answer in the time that was left';
  return new RotationError(code === 'ABORTED' ? 'TIMEOUT' : code, { ...context, reason }, { cause: error });
}
