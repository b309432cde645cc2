import { beforeEach, describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { push } from '../../src/steps/push.ts';
import { type FakeStore, fakeStore, targetIn } from './support/fake-store.ts';
import { contextWith, type TestContext } from './support/step-context.ts';

/** Stores whose objects are immutable lead their readers from one to another, and can be cut off in between. */

const key = (name: string) => ({ id: new Secret(`${name} id`), secret: new Secret(`${name} secret`) });
const slotOf = ({ id, secret }: ReturnType<typeof key>) => ({ ID: id, SECRET: secret });
const [OLD, NEW] = [key('old'), key('new')];

let store: FakeStore;
let ctx: TestContext;
beforeEach(async () => {
  store = fakeStore(slotOf(OLD));
  ctx = await contextWith(OLD, NEW);
});

/** Some of its readers have the new values; what is read is still the old. */
function cutInHalf(): void {
  const { read } = store;
  store.read = async (...args) => {
    const found = await read(...args);
    return found && { ...found, unsettled: true };
  };
}

function stepOf() {
  const { prepare, reconcile, compensate, ...step } = push(targetIn(store));
  if (!prepare || !reconcile || !compensate) throw new Error('a way back is missing');
  return { ...step, prepare, reconcile, compensate };
}

describe('a slot between two states', () => {
  it('is not done, whichever values it shows: the push is run again', async () => {
    const before = await stepOf().prepare(ctx);
    cutInHalf();
    expect(await stepOf().reconcile(before, ctx)).toEqual({ state: 'absent' });
    store.holds = slotOf(NEW);
    expect(await stepOf().reconcile(before, ctx)).toEqual({ state: 'absent' });
  });

  it('is restored although it shows the old values', async () => {
    const before = await stepOf().prepare(ctx);
    const { read, restore } = store;
    cutInHalf();
    store.restore = async (...args) => {
      await restore(...args);
      store.read = read;
    };
    await stepOf().compensate(before, undefined, ctx);
    expect(store.restorations).toHaveLength(1);
  });

  it('is not restored as long as it stays so', async () => {
    const before = await stepOf().prepare(ctx);
    cutInHalf();
    const attempt = stepOf().compensate(before, undefined, ctx);
    await expect(attempt).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });
});

describe('what a push that was cut short has left behind', () => {
  let abandoned: WriteContext[];
  beforeEach(() => {
    abandoned = [];
    store.abandon = async (_slot, call) => void abandoned.push(call);
  });

  it('is removed where the slot holds what it held, under the token of the push', async () => {
    const before = await stepOf().prepare(ctx);
    const pushed = await stepOf().run(before, ctx);
    store.holds = slotOf(OLD);
    for (const outcome of [undefined, pushed]) await stepOf().compensate(before, outcome, ctx);
    const [token] = store.tokens;
    expect(abandoned.map((call) => call.idempotencyToken)).toEqual([token, token]);
    expect(store.restorations).toEqual([]);
  });

  it('is removed too where somebody else wrote before the push did', async () => {
    const before = await stepOf().prepare(ctx);
    store.holds = slotOf(key('their'));
    await stepOf().compensate(before, undefined, ctx);
    expect(abandoned).toHaveLength(1);
  });

  it('is the business of the restore where there is something to put back', async () => {
    const before = await stepOf().prepare(ctx);
    await stepOf().run(before, ctx);
    await stepOf().compensate(before, undefined, ctx);
    expect(store.restorations).toHaveLength(1);
    expect(abandoned).toEqual([]);
  });

  it('that cannot be removed leaves the step to be taken back again', async () => {
    const before = await stepOf().prepare(ctx);
    store.abandon = () => Promise.reject(new RotationError('REFUSED', { subject: 'the fake store' }));
    await expect(stepOf().compensate(before, undefined, ctx)).rejects.toMatchObject({ code: 'REFUSED' });
  });
});
