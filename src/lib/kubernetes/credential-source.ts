import type { Clock } from '../../core/clock.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { onAbort } from '../http/on-abort.ts';
import type { Credentials } from './credentials.ts';

export interface CredentialSource {
  /** @throws RotationError UNAUTHENTICATED, TIMEOUT, CONFIG_INVALID, ABORTED */
  get(signal: AbortSignal): Promise<Credentials>;
  /** Forgets what was refused, unless it has been replaced already. */
  discard(refused: Credentials): void;
  close(): void;
}

/** One look for all parallel calls, as long as what it gave is good. */
export function createCredentialSource(
  look: (signal: AbortSignal) => Promise<Credentials>,
  { clock, name }: { readonly clock: Clock; readonly name: string },
): CredentialSource {
  // Not the signal of whoever happens to ask first: others wait for the same answer.
  const closing = new AbortController();
  let held: Credentials | undefined;
  let pending: Promise<Credentials> | undefined;

  return {
    get: async (signal) => {
      if (held !== undefined && clock.now() < (held.goodUntil ?? Number.POSITIVE_INFINITY)) return held;
      pending ??= look(closing.signal)
        .then((fresh) => {
          held = fresh;
          return fresh;
        })
        .finally(() => {
          pending = undefined;
        });
      return unlessAborted(pending, signal, name);
    },
    discard: (refused) => {
      if (held === refused) held = undefined;
    },
    close: () => {
      closing.abort();
      held = undefined;
    },
  };
}

/** Stops waiting, without taking the answer away from the others who wait. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, subject: string): Promise<T> {
  let forget = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    forget = onAbort(signal, () =>
      reject(new RotationError('ABORTED', { subject, action: 'authenticate', reason: 'asked to stop' })),
    );
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    forget();
  }
}
