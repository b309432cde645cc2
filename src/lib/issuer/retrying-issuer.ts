import type { Clock } from '../../core/clock.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Issuer } from '../../core/plugins/issuer.ts';
import { longestMs, type RetryPolicy, withRetry } from '../retry.ts';

/** One try of a create: finding out who we are, connecting, and the request itself. */
const REQUESTS_OF_A_CREATE = 3;

/** From the first request to the last answer of one create of a retrying issuer, in ms. */
export function longestCreateMs(policy: RetryPolicy, timeoutMs: number): number {
  return longestMs(policy, REQUESTS_OF_A_CREATE * timeoutMs);
}

/**
 * Repeats what certainly had no effect, so that one busy answer does not undo a rotation. A create whose answer was
 * lost is INDETERMINATE and passes through. What the issuer cannot do stays absent.
 */
export function retryingIssuer(issuer: Issuer, policy: RetryPolicy, clock: Clock): Issuer {
  const again = <T>(work: () => Promise<T>, ctx: CallContext): Promise<T> =>
    withRetry(work, policy, { clock, signal: ctx.signal });
  const { identify, listKeys, deactivateKey, activateKey, deleteKey, lastUsed, close } = issuer;
  return {
    propagation: issuer.propagation,
    ...(issuer.overlap === undefined ? {} : { overlap: issuer.overlap }),
    preflight: (oldKey, ctx) => again(() => issuer.preflight(oldKey, ctx), ctx),
    keyIdOf: (key) => issuer.keyIdOf(key),
    validate: (key) => issuer.validate(key),
    createKey: (label, ctx) => again(() => issuer.createKey(label, ctx), ctx),
    ...(identify && { identify: (key, ctx) => again(() => identify.call(issuer, key, ctx), ctx) }),
    ...(listKeys && { listKeys: (ctx) => again(() => listKeys.call(issuer, ctx), ctx) }),
    ...(deactivateKey && {
      deactivateKey: (ref, ctx) => again(() => deactivateKey.call(issuer, ref, ctx), ctx),
    }),
    ...(activateKey && { activateKey: (ref, ctx) => again(() => activateKey.call(issuer, ref, ctx), ctx) }),
    ...(deleteKey && { deleteKey: (ref, ctx) => again(() => deleteKey.call(issuer, ref, ctx), ctx) }),
    ...(lastUsed && { lastUsed: (ref, ctx) => again(() => lastUsed.call(issuer, ref, ctx), ctx) }),
    ...(close && { close: () => close.call(issuer) }),
  };
}
