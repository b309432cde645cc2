import { beforeEach, describe, expect, test } from 'vitest';
import type { Store, WriteContext } from '../../src/core/plugins/store.ts';
import { type GuardedStore, guardedStore } from '../../src/lib/store/guarded-store.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';

const SLOT = { ref: 'apps/ci', fields: [''] };
const CTX: WriteContext = { signal: new AbortController().signal, rotationId: 'r1', idempotencyToken: 't' };

let account: string;
let asked: number;
let done: string[];
let clock: ReturnType<typeof virtualClock>;
let store: GuardedStore;
beforeEach(() => {
  account = 'production';
  asked = 0;
  done = [];
  clock = virtualClock(0);
  const bare: Store = {
    whoami: async () => {
      asked += 1;
      return { display: `the ${account} account`, attributes: { account } };
    },
    preflight: async () => ({ findings: [], restore: 'value', cas: false }),
    read: async () => undefined,
    write: async () => {
      done.push('write');
      return { version: undefined };
    },
    restore: async () => {
      done.push('restore');
    },
    abandon: async () => {
      done.push('abandon');
    },
    tidy: async () => {
      done.push('tidy');
    },
  };
  store = guardedStore(bare, { name: 'vault', expect: { account: 'production' }, clock });
});

const write = () => store.write(SLOT, {}, undefined, CTX);
const restore = () =>
  store.restore(SLOT, { before: undefined, values: undefined, receipt: undefined, pushed: {} }, CTX);

describe('a store that is not the expected one', () => {
  test.each([
    ['a write', write],
    ['a restore', restore],
    ['to clear up what was cut short', () => store.abandon?.(SLOT, CTX)],
    ['to tidy up', () => store.tidy?.(SLOT, { replaced: '1', receipt: { version: '2' } }, CTX)],
  ])('refuses %s before anything is sent, and says what differs', async (_deed, deed) => {
    account = 'staging';
    await expect(deed()).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('account is staging, expected production'),
    });
    expect(done).toEqual([]);
  });

  test('is noticed within half a minute when the login changes under a wave', async () => {
    await write();
    account = 'staging';
    clock.advance(31_000);
    await expect(write()).rejects.toMatchObject({ code: 'REFUSED' });
    expect(done).toEqual(['write']);
  });

  test('is noticed at once before the old key is switched off', async () => {
    await write();
    account = 'staging';
    await expect(store.assertIdentity(CTX)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  test('is asked again after it was put right', async () => {
    account = 'staging';
    await expect(write()).rejects.toMatchObject({ code: 'REFUSED' });
    account = 'production';
    await write();
    expect(done).toEqual(['write']);
  });
});

test('a wave asks who it is once, and not for every write', async () => {
  await Promise.all(Array.from({ length: 50 }, write));
  expect(asked).toBe(1);
  expect(done).toHaveLength(50);
});
