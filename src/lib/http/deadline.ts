import type { GenericAbortSignal } from 'axios';
import { onAbort } from './on-abort.ts';

/** Ends a request after its time or when the caller asks to stop, whichever comes first; says which it was. */
export interface Deadline {
  readonly signal: GenericAbortSignal;
  /** Whether the time ran out. */
  passed(): boolean;
  /** To be called when the request is over. */
  clear(): void;
}

/**
 * One timer for the whole request: the HTTP library's own starts anew with every byte, so that a server which
 * answers drop by drop would hold us for ever. Listens to the caller's signal only while the request lasts.
 */
export function startDeadline(timeoutMs: number, caller: AbortSignal): Deadline {
  const signal = new LightSignal();
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    signal.abort();
  }, timeoutMs);
  const forget = onAbort(caller, () => signal.abort());
  return {
    signal,
    passed: () => passed,
    clear: () => {
      clearTimeout(timer);
      forget();
    },
  };
}

/**
 * As much of an AbortSignal as an HTTP library needs, at a tenth of its price: there is one a request. A class, since
 * the library copies plain objects.
 */
class LightSignal implements GenericAbortSignal {
  aborted = false;
  #listeners: (() => void)[] = [];

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of this.#listeners) listener();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener);
  }
}
