import { RotationError } from '../../core/errors/rotation-error.ts';
import { onAbort } from './on-abort.ts';

/**
 * For work that takes no signal and knows no end: a vendor's library that logs in. What it is doing goes on, and is
 * not waited for.
 * @throws RotationError TIMEOUT, ABORTED; and what `work` throws
 */
export async function raceDeadline<T>(
  {
    subject,
    action,
    signal,
    timeoutMs,
  }: {
    readonly subject: string;
    readonly action: string;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
  },
  work: () => Promise<T>,
): Promise<T> {
  const stopped = (): RotationError =>
    new RotationError('ABORTED', { subject, action, reason: 'asked to stop' });
  if (signal.aborted) throw stopped();
  let clear = (): void => {};
  const ended = new Promise<never>((_resolve, reject) => {
    const late = setTimeout(() => {
      reject(new RotationError('TIMEOUT', { subject, action, reason: `no answer within ${timeoutMs} ms` }));
    }, timeoutMs);
    const forget = onAbort(signal, () => reject(stopped()));
    clear = () => {
      clearTimeout(late);
      forget();
    };
  });
  try {
    return await Promise.race([work(), ended]);
  } finally {
    clear();
  }
}
