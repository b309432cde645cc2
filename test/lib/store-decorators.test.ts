import { expect, test } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Store, WriteContext } from '../../src/core/plugins/store.ts';
import { assertExpected } from '../../src/lib/store/guarded-store.ts';
import { limitedStore } from '../../src/lib/store/limited-store.ts';
import { retryingStore } from '../../src/lib/store/retrying-store.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';

const SLOT = { ref: 'apps/ci', fields: [''] };
const CTX: WriteContext = { signal: new AbortController().signal, rotationId: 'r1', idempotencyToken: 't' };
const POLICY = { attempts: 3, baseDelayMs: 1, maxDelayMs: 1 };

/** A store that notes what it is asked, in order. */
function notingStore(answer: (deed: string) => Promise<void> = async () => {}) {
  const deeds: string[] = [];
  const doing = async (deed: string): Promise<void> => {
    deeds.push(deed);
    await answer(deed);
  };
  const store: Store = {
    whoami: async () => {
      await doing('whoami');
      return { display: 'me', attributes: {} };
    },
    preflight: async () => {
      await doing('preflight');
      return { findings: [], restore: 'value', cas: false };
    },
    read: async () => {
      await doing('read');
      return undefined;
    },
    write: async () => {
      await doing('write');
      return { version: '2' };
    },
    restore: () => doing('restore'),
  };
  return { deeds, store, clearing: { ...store, abandon: () => doing('abandon'), tidy: () => doing('tidy') } };
}

const RESTORATION = { before: undefined, values: undefined, receipt: undefined, pushed: {} };
const DEEDS: readonly ((store: Store) => Promise<unknown>)[] = [
  (store) => store.whoami(CTX),
  (store) => store.preflight(SLOT, CTX),
  (store) => store.read(SLOT, CTX),
  (store) => store.write(SLOT, {}, undefined, CTX),
  (store) => store.restore(SLOT, RESTORATION, CTX),
];

const decorators = {
  'a limit on calls at once': (store: Store) => limitedStore(store, 2),
  retries: (store: Store) => retryingStore(store, POLICY, virtualClock(0)),
};

test.each(Object.entries(decorators))('%s changes nothing of what a store does', async (_what, decorate) => {
  const { deeds, clearing } = notingStore();
  const store = decorate(clearing);
  for (const deed of DEEDS) await deed(store);
  await store.abandon?.(SLOT, CTX);
  await store.tidy?.(SLOT, { replaced: '1', receipt: { version: '2' } }, CTX);
  expect(deeds).toEqual(['whoami', 'preflight', 'read', 'write', 'restore', 'abandon', 'tidy']);
});

test.each(Object.entries(decorators))(
  'with %s a store that leaves nothing behind has nothing to clear away',
  (_what, decorate) => {
    const store = decorate(notingStore().store);
    for (const deed of ['abandon', 'tidy']) expect(store).not.toHaveProperty(deed);
  },
);

test('no more calls run at once than the limit, whatever they are', async () => {
  let running = 0;
  let most = 0;
  const { store } = notingStore(async () => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
  });
  const limited = limitedStore(store, 2);
  await Promise.all(DEEDS.map((deed) => deed(limited)));
  expect(most).toBe(2);
});

test('everything but a lost answer is asked again', async () => {
  for (const [index, deed] of DEEDS.entries()) {
    const busy = notingStore(async () => {
      if (busy.deeds.length < 3) throw new RotationError('RATE_LIMITED', { subject: 'store' });
    });
    await deed(retryingStore(busy.store, POLICY, virtualClock(0)));
    expect(busy.deeds, `deed ${index}`).toHaveLength(3);
  }
  const lost = notingStore(async () => {
    throw new RotationError('INDETERMINATE', { subject: 'store' });
  });
  const attempt = retryingStore(lost.store, POLICY, virtualClock(0)).write(SLOT, {}, undefined, CTX);
  await expect(attempt).rejects.toMatchObject({ code: 'INDETERMINATE' });
  expect(lost.deeds).toEqual(['write']);
});

test('an identity that does not tell what is expected is not the expected one', () => {
  const identity = { display: 'robot@ci', attributes: { account: 'main' } };
  expect(() => assertExpected(identity, 'vault', { account: 'main' })).not.toThrow();
  expect(() => assertExpected(identity, 'vault', { region: 'eu' })).toThrow(
    'region is not told, expected eu (connected as robot@ci)',
  );
});
