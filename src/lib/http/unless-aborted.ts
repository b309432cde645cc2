import { RotationError } from '../../core/errors/rotation-error.ts';
import { onAbort } from './on-abort.ts';

/**
 * Stops waiting for work that several wait for, without taking its result away from the others.
 * @throws RotationError ABORTED; and what `work` throws
 */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  { subject, action }: { readonly subject: string; readonly action: string },
): Promise<T> {
  let forget = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    forget = onAbort(signal, () =>
      reject(new RotationError('ABORTED', { subject, action, reason: 'asked to stop' })),
    );
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    forget();
  }
}
