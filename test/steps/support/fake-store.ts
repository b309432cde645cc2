import type { Fields } from '../../../src/core/credential.ts';
import { RotationError } from '../../../src/core/errors/rotation-error.ts';
import type { PushEvidence, Restoration, SlotOffers, Store } from '../../../src/core/plugins/store.ts';
import type { Secret } from '../../../src/core/secret.ts';
import type { Target } from '../../../src/steps/target.ts';

export interface FakeStore extends Store {
  /** What it holds now. */
  holds: Fields<Secret> | undefined;
  /** Tokens given to writes and restores, in order. */
  readonly tokens: string[];
  readonly restorations: Restoration[];
  /** What becomes of a write; by default it is kept. */
  onWrite: (values: Fields<Secret>) => Fields<Secret>;
  /** What a read says before it looks. */
  onRead: () => void;
}

export function fakeStore(holds: Fields<Secret>): FakeStore {
  let version = 1;
  const store: FakeStore = {
    holds,
    tokens: [],
    restorations: [],
    onWrite: (values) => values,
    onRead: () => {},
    whoami: async () => ({ display: 'fake', attributes: {} }),
    preflight: async () => ({ findings: [], restore: 'value', cas: true }),
    read: async () => {
      store.onRead();
      return store.holds === undefined ? undefined : { fields: store.holds, version: `v${version}` };
    },
    write: async (_slot, values, expected, ctx) => {
      store.tokens.push(ctx.idempotencyToken);
      if (expected !== undefined && expected !== `v${version}`)
        throw new RotationError('CONFLICT', { subject: 'the fake store' });
      store.holds = store.onWrite(values);
      version += 1;
      return { version: `v${version}` };
    },
    restore: async (_slot, restoration, ctx) => {
      store.tokens.push(ctx.idempotencyToken);
      store.restorations.push(restoration);
      store.holds = restoration.values;
      version += 1;
    },
  };
  return store;
}

const READABLE: SlotOffers = { readable: true, cas: true, evidence: 'read-back' };

/** A pair in one slot, as preflight has found nothing to say about it. */
export function targetIn(store: Store, over: Partial<Target> = {}): Target {
  return {
    id: 'fake/apps/ci#ID,SECRET',
    store,
    slot: { ref: 'apps/ci', fields: ['ID', 'SECRET'] },
    parts: { ID: 'id', SECRET: 'secret' },
    offers: READABLE,
    restore: 'value',
    seen: undefined,
    ...over,
  };
}

/** CI variables: written to, never read. */
export function writeOnly(evidence: PushEvidence): SlotOffers {
  return { ...READABLE, readable: false, evidence };
}

/** One variable for each field, and no transaction around them. */
export function fieldByField(): SlotOffers {
  return { ...READABLE, cas: false };
}
