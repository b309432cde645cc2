import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Store } from '../../core/plugins/store.ts';
import { type RetryContext, type RetryPolicy, withRetry } from '../retry.ts';

/** Repeats what certainly had no effect; an INDETERMINATE write passes through, to be reconciled. Who opened the store closes it. */
export function retryingStore(store: Store, policy: RetryPolicy, clock: RetryContext['clock']): Store {
  const again = <T>(work: () => Promise<T>, ctx: CallContext): Promise<T> =>
    withRetry(work, policy, { clock, signal: ctx.signal });
  const { abandon, tidy } = store;
  return {
    whoami: (ctx) => again(() => store.whoami(ctx), ctx),
    preflight: (slot, ctx) => again(() => store.preflight(slot, ctx), ctx),
    read: (slot, ctx) => again(() => store.read(slot, ctx), ctx),
    write: (slot, values, expected, ctx) => again(() => store.write(slot, values, expected, ctx), ctx),
    restore: (slot, restoration, ctx) => again(() => store.restore(slot, restoration, ctx), ctx),
    ...(abandon === undefined
      ? {}
      : { abandon: (slot, ctx) => again(() => abandon.call(store, slot, ctx), ctx) }),
    ...(tidy === undefined
      ? {}
      : { tidy: (slot, push, ctx) => again(() => tidy.call(store, slot, push, ctx), ctx) }),
  };
}
