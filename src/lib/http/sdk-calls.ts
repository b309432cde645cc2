import { AsyncLocalStorage } from 'node:async_hooks';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { HttpRequest } from './http-client.ts';

/** What one call of a vendor's SDK is about. The SDK has no place for it on the way to its transport. */
export interface SdkCall extends Pick<HttpRequest, 'signal' | 'effect' | 'action'> {
  readonly subject: string;
}

export interface SdkCalls<Call extends SdkCall> {
  /** Whatever the work sends is sent on behalf of `call`. @throws RotationError */
  run<T>(call: Call, work: () => Promise<T>): Promise<T>;
  /** Of the work we are in. */
  current(): Call;
}

/**
 * For putting our HTTP client under an SDK. It keeps what it knows (paths, messages, logins) and loses what it must
 * not do here: repeat requests, follow redirects, wait without an end, take any web page for an answer, hide
 * Retry-After.
 */
export function createSdkCalls<Call extends SdkCall>(system: string): SdkCalls<Call> {
  const calls = new AsyncLocalStorage<Call>();
  return {
    current: () => {
      const call = calls.getStore();
      if (call !== undefined) return call;
      throw new RotationError('INTERNAL', { subject: system, reason: 'a request that belongs to no call' });
    },
    run: (call, work) =>
      calls.run(call, async () => {
        try {
          return await work();
        } catch (error) {
          throw error instanceof RotationError ? error : unreadable(call, system);
        }
      }),
  };
}

/** The SDK could not make sense of an answer that was one by all appearances. Its own words may quote the secret. */
function unreadable({ subject, action, effect }: SdkCall, system: string): RotationError {
  return new RotationError(effect === 'write' ? 'INDETERMINATE' : 'UNAVAILABLE', {
    subject,
    action,
    reason: `the answer is not one of ${system}`,
    hint: `Check that \`address\` is ${system} itself and not a proxy or a login page.`,
  });
}
