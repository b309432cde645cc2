import type { Store } from '../../core/plugins/store.ts';
import { createLimiter } from '../limiter.ts';

/** At most `concurrency` calls at once, whoever makes them. Who opened the store closes it. */
export function limitedStore(store: Store, concurrency: number): Store {
  const limit = createLimiter(concurrency);
  const { abandon, tidy } = store;
  return {
    whoami: (ctx) => limit(() => store.whoami(ctx)),
    preflight: (slot, ctx) => limit(() => store.preflight(slot, ctx)),
    read: (slot, ctx) => limit(() => store.read(slot, ctx)),
    write: (slot, values, expected, ctx) => limit(() => store.write(slot, values, expected, ctx)),
    restore: (slot, restoration, ctx) => limit(() => store.restore(slot, restoration, ctx)),
    ...(abandon === undefined ? {} : { abandon: (slot, ctx) => limit(() => abandon.call(store, slot, ctx)) }),
    ...(tidy === undefined
      ? {}
      : { tidy: (slot, push, ctx) => limit(() => tidy.call(store, slot, push, ctx)) }),
  };
}
