/** Ends a request after its time or when the caller asks to stop, whichever comes first; says which it was. */
export interface Deadline {
  readonly signal: AbortSignal;
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
  const controller = new AbortController();
  let passed = false;
  const stop = (): void => controller.abort();
  const timer = setTimeout(() => {
    passed = true;
    stop();
  }, timeoutMs);
  caller.addEventListener('abort', stop, { once: true });
  if (caller.aborted) stop();
  return {
    signal: controller.signal,
    passed: () => passed,
    clear: () => {
      clearTimeout(timer);
      caller.removeEventListener('abort', stop);
    },
  };
}
