import type { Clock } from '../../core/clock.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Store, StoreIdentity } from '../../core/plugins/store.ts';

/** An identity does not change under an open connection; a login that was replaced shows within this time. */
const FRESH_MS = 30_000;

export interface GuardedStore extends Store {
  /** @throws RotationError REFUSED when the store is not the expected one; asks anew. */
  assertIdentity(ctx: CallContext): Promise<void>;
}

/**
 * Compares who and where we are with `expect` before every write and restore: a new key in the wrong account is
 * an outage. The answer is good for half a minute, so that a wave of ten thousand writes does not ask as often.
 */
export function guardedStore(
  store: Store,
  settings: {
    readonly name: string;
    readonly expect: Readonly<Record<string, string>>;
    readonly clock: Clock;
  },
): GuardedStore {
  const { abandon, tidy } = store;
  let checked: { at: number; result: Promise<void> } | undefined;

  const ask = async (ctx: CallContext): Promise<void> => {
    assertExpected(await store.whoami(ctx), settings.name, settings.expect);
  };

  const assertIdentity = (ctx: CallContext): Promise<void> => {
    if (Object.keys(settings.expect).length === 0) return Promise.resolve();
    const now = settings.clock.now();
    if (checked === undefined || Math.abs(now - checked.at) > FRESH_MS) {
      checked = { at: now, result: ask(ctx) };
      checked.result.catch(() => {
        checked = undefined;
      });
    }
    return checked.result;
  };

  return {
    ...store,
    assertIdentity: (ctx) => {
      checked = undefined;
      return assertIdentity(ctx);
    },
    write: async (slot, values, expected, ctx) => {
      await assertIdentity(ctx);
      return store.write(slot, values, expected, ctx);
    },
    restore: async (slot, restoration, ctx) => {
      await assertIdentity(ctx);
      return store.restore(slot, restoration, ctx);
    },
    ...(abandon === undefined
      ? {}
      : {
          abandon: async (slot, ctx) => {
            await assertIdentity(ctx);
            return abandon.call(store, slot, ctx);
          },
        }),
    ...(tidy === undefined
      ? {}
      : {
          tidy: async (slot, push, ctx) => {
            await assertIdentity(ctx);
            return tidy.call(store, slot, push, ctx);
          },
        }),
  };
}

/** @throws RotationError REFUSED naming each attribute that differs */
export function assertExpected(
  identity: StoreIdentity,
  name: string,
  expect: Readonly<Record<string, string>>,
): void {
  const wrong = Object.entries(expect)
    .filter(([attribute, value]) => identity.attributes[attribute] !== value)
    .map(
      ([attribute, value]) =>
        `${attribute} is ${identity.attributes[attribute] ?? 'not told'}, expected ${value}`,
    );
  if (wrong.length === 0) return;
  throw new RotationError('REFUSED', {
    subject: `store ${name}`,
    action: 'compare its identity with `expect`',
    reason: `${wrong.join('; ')} (connected as ${identity.display})`,
    hint: 'Nothing was written there. Use the credentials of the right account, or correct `expect`.',
  });
}
