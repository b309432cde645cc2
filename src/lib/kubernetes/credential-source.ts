import type { Clock } from '../../core/clock.ts';
import { unlessAborted } from '../http/unless-aborted.ts';
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
      return unlessAborted(pending, signal, { subject: name, action: 'authenticate' });
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
