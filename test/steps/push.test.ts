import { beforeEach, describe, expect, it } from 'vitest';
import { type Fields, fingerprints } from '../../src/core/credential.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { push } from '../../src/steps/push.ts';
import type { Target } from '../../src/steps/target.ts';
import { type FakeStore, fakeStore, fieldByField, targetIn, writeOnly } from './support/fake-store.ts';
import { contextWith, type TestContext } from './support/step-context.ts';

const key = (name: string) => ({ id: new Secret(`${name} id`), secret: new Secret(`${name} secret`) });
const slotOf = ({ id, secret }: ReturnType<typeof key>): Fields<Secret> => ({ ID: id, SECRET: secret });
const [OLD, NEW, OTHER] = [key('old'), key('new'), key('other')];

let store: FakeStore;
let ctx: TestContext;

beforeEach(async () => {
  store = fakeStore(slotOf(OLD));
  ctx = await contextWith(OLD, NEW);
});

function stepOf(over: Partial<Target> = {}) {
  const { prepare, reconcile, compensate, ...step } = push(targetIn(store, over));
  if (!prepare || !reconcile || !compensate) throw new Error('a way back is missing');
  return { ...step, prepare, reconcile, compensate };
}

const held = (): Record<string, string> =>
  Object.fromEntries(Object.entries(store.holds ?? {}).map(([name, secret]) => [name, secret.reveal()]));
const revealed = (of: ReturnType<typeof key>) => ({ ID: of.id.reveal(), SECRET: of.secret.reveal() });

describe('a push', () => {
  it('writes a pair in one write, and is done only when it reads back', async () => {
    const step = stepOf();

    const pushed = await step.run(await step.prepare(ctx), ctx);

    expect(held()).toEqual(revealed(NEW));
    expect(store.tokens).toHaveLength(1);
    expect(pushed).toMatchObject({ version: 'v2', verifiedBy: 'read-back', at: ctx.clock.now() });
  });

  it('gives every attempt of the same push the same token', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    await step.run(before, ctx);
    await expect(step.run(before, ctx)).rejects.toMatchObject({ code: 'CONFLICT' });

    expect(new Set(store.tokens).size).toBe(1);
    expect(store.tokens[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('that reads back another value is not a success (reported as synced although it was not)', async () => {
    const step = stepOf();
    store.onWrite = () => slotOf(OLD);

    await expect(step.run(await step.prepare(ctx), ctx)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });

  it('whose read-back fails is not a failure: nobody knows yet', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    store.onRead = () => {
      throw new RotationError('PERMISSION_DENIED', { subject: 'the fake store' });
    };

    await expect(step.run(before, ctx)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });

  it('refuses a slot that is not as preflight saw it, and leaves it alone', async () => {
    const step = stepOf({ seen: fingerprints(slotOf(OLD)) });
    store.holds = slotOf(OTHER);

    await expect(step.prepare(ctx)).rejects.toMatchObject({ code: 'DRIFT' });

    store.holds = undefined;
    await expect(step.prepare(ctx)).rejects.toMatchObject({ code: 'DRIFT' });
  });

  it('keeps what was there, sealed, when it was not the old key; and never in plaintext', async () => {
    store.holds = slotOf(OTHER);
    const text = JSON.stringify(await stepOf().prepare(ctx));

    for (const secret of Object.values(slotOf(OTHER))) expect(text).not.toContain(secret.reveal());
    expect(text).toContain('"sealed":{');
  });
});

describe('a push whose outcome is not known', () => {
  it.each([
    ['applied', NEW],
    ['absent', OLD],
    ['unknown', OTHER],
  ] as const)('is %s by what the slot holds now', async (state, now) => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    store.holds = slotOf(now);

    expect(await step.reconcile(before, ctx)).toMatchObject({ state });
  });

  it('is carried on when one part of the pair is new and one is old, and the way back stays what it was', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    store.holds = { ID: NEW.id, SECRET: OLD.secret };

    expect(await step.reconcile(before, ctx)).toEqual({ state: 'absent' });
    const output = await step.run(before, ctx);
    expect(held()).toEqual(revealed(NEW));

    await step.compensate(before, output, ctx);
    expect(held()).toEqual(revealed(OLD));
  });

  it('is unknown when one part is new and the other is somebody else’s', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    store.holds = { ID: NEW.id, SECRET: OTHER.secret };

    expect(await step.reconcile(before, ctx)).toMatchObject({ state: 'unknown' });
    await expect(step.compensate(before, undefined, ctx)).rejects.toMatchObject({ code: 'DRIFT' });
    expect(store.restorations).toEqual([]);
  });
});

describe('a push that is begun anew over half a pair of its own', () => {
  const seen = fingerprints(slotOf(OLD));
  const HALF = { ID: NEW.id, SECRET: OLD.secret };

  it('goes back to what stood before the half', async () => {
    store.holds = HALF;
    const step = stepOf({ seen, offers: fieldByField() });

    const before = await step.prepare(ctx);
    const output = await step.run(before, ctx);
    expect(held()).toEqual(revealed(NEW));

    await step.compensate(before, output, ctx);
    expect(held()).toEqual(revealed(OLD));
    expect(store.restorations[0]).toMatchObject({ before: undefined });
  });

  it.each([
    ['a store that writes all fields at once made no half of ours', HALF, {}],
    ['a field is somebody else’s', { ID: NEW.id, SECRET: OTHER.secret }, { offers: fieldByField() }],
    ['it held another key than the old one', HALF, { seen: fingerprints(slotOf(OTHER)) }],
  ])('is refused where %s', async (_why, holds, over) => {
    store.holds = holds;
    await expect(stepOf({ seen, ...over }).prepare(ctx)).rejects.toMatchObject({ code: 'DRIFT' });
  });
});

describe('the way back', () => {
  async function pushed(over: Partial<Target> = {}) {
    const step = stepOf(over);
    const before = await step.prepare(ctx);
    return { step, before, output: await step.run(before, ctx) };
  }

  it('brings the old pair back and reads it back', async () => {
    const { step, before, output } = await pushed();

    await step.compensate(before, output, ctx);

    expect(held()).toEqual(revealed(OLD));
    expect(store.restorations[0]).toMatchObject({ before: 'v1', receipt: { version: 'v2' } });
  });

  it('brings back what was there, not what should have been', async () => {
    store.holds = slotOf(OTHER);
    const { step, before, output } = await pushed();

    await step.compensate(before, output, ctx);

    expect(held()).toEqual(revealed(OTHER));
  });

  it('refuses when somebody else wrote after the push, and leaves theirs alone', async () => {
    const { step, before, output } = await pushed();
    store.holds = slotOf(OTHER);

    await expect(step.compensate(before, output, ctx)).rejects.toMatchObject({ code: 'DRIFT' });

    expect(held()).toEqual(revealed(OTHER));
    expect(store.restorations).toEqual([]);
  });

  it('refuses when the slot was deleted after the push', async () => {
    const { step, before, output } = await pushed();
    store.holds = undefined;

    await expect(step.compensate(before, output, ctx)).rejects.toMatchObject({ code: 'DRIFT' });
  });

  it('takes back a push whose answer was lost (elsewhere: the location that failed is skipped)', async () => {
    const { step, before } = await pushed();

    await step.compensate(before, undefined, ctx);

    expect(held()).toEqual(revealed(OLD));
  });

  it('puts half a pair right: it is our own write that was cut off', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    store.holds = { ID: NEW.id, SECRET: OLD.secret };

    await step.compensate(before, undefined, ctx);

    expect(held()).toEqual(revealed(OLD));
  });

  it('has nothing to do where the old value stands, and where our value never was', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);

    await step.compensate(before, undefined, ctx);
    store.holds = slotOf(OTHER);
    await step.compensate(before, undefined, ctx);

    expect(store.restorations).toEqual([]);
    expect(held()).toEqual(revealed(OTHER));
  });

  it('does not believe a store that says it restored and did not', async () => {
    const { step, before, output } = await pushed();
    store.restore = async () => {};

    await expect(step.compensate(before, output, ctx)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });
});

describe('a store that can be written and not read', () => {
  /** As such stores answer: no value, and a stamp of the last update. */
  let stamp: string;
  const blind = (over: Parameters<typeof stepOf>[0] = {}) => {
    stamp = 'monday';
    const { write, restore: putBack } = store;
    store.read = async () => ({ fields: {}, version: stamp });
    store.write = async (...args) => {
      stamp = 'tuesday';
      await write(...args);
      return { version: undefined };
    };
    store.restore = async (...args) => {
      stamp = 'wednesday';
      await putBack(...args);
    };
    return stepOf({ offers: writeOnly('timestamp'), seen: undefined, ...over });
  };
  const pushedBlindly = async (step: ReturnType<typeof stepOf>) => {
    const before = { ...(await step.prepare(ctx)), version: null };
    return { before, output: await step.run(before, ctx) };
  };

  it('is verified by the stamp of its update', async () => {
    const step = blind();
    const { output } = await pushedBlindly(step);
    expect(output).toMatchObject({ verifiedBy: 'timestamp', version: 'tuesday' });
  });

  it('that says nothing of an update proves nothing', async () => {
    const step = blind();
    const before = await step.prepare(ctx);
    store.write = async () => ({ version: undefined });
    expect(await step.run(before, ctx)).toMatchObject({ verifiedBy: 'none' });
    const silent = blind({ offers: writeOnly('none') });
    expect((await pushedBlindly(silent)).output).toMatchObject({ verifiedBy: 'none' });
  });

  it('is written again after a crash: that does no harm', async () => {
    const step = blind();
    expect(await step.reconcile(await step.prepare(ctx), ctx)).toEqual({ state: 'absent' });
  });

  it('gets the old key back, as the config says that it held it', async () => {
    const step = blind();
    const { before, output } = await pushedBlindly(step);
    await step.compensate(before, output, ctx);
    expect(held()).toEqual(revealed(OLD));
  });

  it('is left alone when somebody else has updated it since', async () => {
    const step = blind();
    const { before, output } = await pushedBlindly(step);
    stamp = 'a day that is not ours';
    await expect(step.compensate(before, output, ctx)).rejects.toMatchObject({ code: 'DRIFT' });
    expect(held()).toEqual(revealed(NEW));
  });

  it('is taken back again after a crash, although our own way back has moved the stamp', async () => {
    const step = blind();
    const { before, output } = await pushedBlindly(step);
    await step.compensate(before, output, ctx);
    await step.compensate(before, output, ctx, { again: true });
    expect(held()).toEqual(revealed(OLD));
  });

  it('whose slot is gone is not pushed to', async () => {
    const step = blind();
    store.read = async () => undefined;
    await expect(step.prepare(ctx)).rejects.toMatchObject({ code: 'DRIFT' });
  });

  it('cannot be taken back, says so with a step to take, and never gets an empty value', async () => {
    const step = stepOf({ offers: writeOnly('timestamp'), restore: 'none' });
    const before = await step.prepare(ctx);
    const output = await step.run(before, ctx);

    await expect(step.compensate(before, output, ctx)).rejects.toMatchObject({
      code: 'REFUSED',
      hint: expect.stringContaining('by hand'),
    });

    expect(held()).toEqual(revealed(NEW));
  });
});
