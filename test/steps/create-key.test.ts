import { beforeEach, describe, expect, it } from 'vitest';
import type { Issuer } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { createKey } from '../../src/steps/create-key.ts';
import { type FakeIssuer, fakeIssuer } from './support/fake-issuer.ts';
import { contextWith, ROTATION, type TestContext } from './support/step-context.ts';

let issuer: FakeIssuer;
let ctx: TestContext;

beforeEach(async () => {
  issuer = fakeIssuer();
  ctx = await contextWith({ value: new Secret('the old value') });
});

const API = {
  made: 'api',
  deactivate: 'api',
  longestCreateMs: 60_000,
  title: 'Make the new key',
  confirmDone: () => Promise.reject(new Error('nobody is there')),
} as const;

/** The step as the engine sees it: with everything a created key can need. */
function stepOf(over: Partial<FakeIssuer> = {}, settings: Parameters<typeof createKey>[1] = API) {
  const { prepare, reconcile, discard, compensate, ...step } = createKey({ ...issuer, ...over }, settings);
  if (!prepare || !reconcile || !discard || !compensate) throw new Error('a way back is missing');
  return { ...step, prepare, reconcile, discard, compensate };
}

/** Made at the issuer, and the answer never came. */
async function lostAnswer(step = stepOf()) {
  const before = await step.prepare(ctx);
  issuer.loseNextAnswer();
  await expect(step.run(before, ctx)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  return { step, before };
}

describe('the new key', () => {
  it('carries the rotation id in its label, and leaves sealed', async () => {
    const step = stepOf();
    const output = await step.run(await step.prepare(ctx), ctx);

    expect(issuer.keys[1]?.label).toContain(ROTATION);
    expect(output.keyId).toBe('new-1');
    expect(JSON.stringify(output)).not.toContain('value of new-1');
  });

  it('has another label for each intent, so that an idempotent API does not answer with a dead key', async () => {
    const first = await stepOf().prepare(ctx);
    ctx.clock.advance(1);

    expect((await stepOf().prepare(ctx)).label).not.toBe(first.label);
  });

  it('is refused when it is the old one', async () => {
    const step = stepOf({
      createKey: async () => ({ id: 'x', credential: { value: new Secret('the old value') } }),
    });

    await expect(step.run(await step.prepare(ctx), ctx)).rejects.toMatchObject({ code: 'REFUSED' });
  });
});

describe('a lost answer (elsewhere: up to three live keys, one of them known)', () => {
  it('left no key: absent', async () => {
    const step = stepOf();

    expect(await step.reconcile(await step.prepare(ctx), ctx)).toEqual({ state: 'absent' });
  });

  it('left one key: the orphan, found by its label and removed', async () => {
    const { step, before } = await lostAnswer();

    const found = await step.reconcile(before, ctx);
    expect(found).toEqual({ state: 'orphaned', output: { keyId: 'new-1', parts: {} } });

    if (found.state === 'orphaned') await step.discard(found.output, ctx);
    expect(issuer.keys.map((key) => key.id)).toEqual(['old-id']);
  });

  it('never takes a key for an orphan that was there before, whatever its label', async () => {
    issuer.keys.push({ id: 'earlier', status: 'active', label: ROTATION });
    const { step, before } = await lostAnswer();

    expect(await step.reconcile(before, ctx)).toMatchObject({ output: { keyId: 'new-1' } });
  });

  it('never takes a key of somebody else for an orphan', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    issuer.keys.push({ id: 'theirs', status: 'active', label: 'another rotation' });

    expect(await step.reconcile(before, ctx)).toEqual({ state: 'absent' });
  });

  it('with two new keys is unknown, and names both', async () => {
    const { step, before } = await lostAnswer();
    issuer.keys.push({ id: 'unlabelled', status: 'active' });

    const found = await step.reconcile(before, ctx);

    expect(found).toMatchObject({ state: 'unknown' });
    expect(JSON.stringify(found)).toMatch(/new-1, unlabelled/);
  });

  it('with a new key that was used is unknown: its secret reached somebody, and it is never discarded', async () => {
    const { step, before } = await lostAnswer();
    issuer.used.set('new-1', '2030-01-01T12:00:01Z');

    expect(await step.reconcile(before, ctx)).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('in use'),
    });
    await expect(step.compensate(before, undefined, ctx)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    expect(issuer.deleted).toEqual([]);
  });

  it('at an issuer without labels goes by time, and bears a clock a few minutes ahead', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    const minutesAgo = (minutes: number): string =>
      new Date(ctx.clock.now() - minutes * 60_000).toISOString();
    issuer.keys.push({ id: 'long ago', status: 'active', createdAt: minutesAgo(30) });
    issuer.keys.push({ id: 'just now', status: 'active', createdAt: minutesAgo(4) });

    expect(await step.reconcile(before, ctx)).toMatchObject({ output: { keyId: 'just now' } });
  });

  it('at an issuer without labels leaves a key alone that was made when no request of ours was under way', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    ctx.clock.advance(24 * 3_600_000);
    issuer.keys.push({
      id: 'a colleague’s',
      status: 'active',
      createdAt: new Date(ctx.clock.now()).toISOString(),
    });

    expect(await step.reconcile(before, ctx)).toEqual({ state: 'absent' });
    await step.compensate(before, undefined, ctx);
    expect(issuer.deleted).toEqual([]);
  });

  it('at an issuer without labels is found a day later, beside the key of a colleague', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    const at = (ms: number): string => new Date(ctx.clock.now() + ms).toISOString();
    // As late as can be: begun in the last moment of its intent, tried to the last, and by a clock that is ahead.
    const latest = 60_000 + API.longestCreateMs + 5 * 60_000;
    issuer.keys.push({ id: 'ours', status: 'active', createdAt: at(latest) });
    issuer.keys.push({ id: 'another colleague’s', status: 'active', createdAt: at(latest + 1) });
    issuer.keys.push({ id: 'a colleague’s', status: 'active', createdAt: at(24 * 3_600_000) });
    ctx.clock.advance(24 * 3_600_000);

    expect(await step.reconcile(before, ctx)).toMatchObject({
      state: 'orphaned',
      output: { keyId: 'ours' },
    });
  });

  it('where the issuer tells no time that can be read, excludes nothing', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    ctx.clock.advance(24 * 3_600_000);
    issuer.keys.push({ id: 'of some day', status: 'active', createdAt: 'last Tuesday' });

    expect(await step.reconcile(before, ctx)).toMatchObject({ output: { keyId: 'of some day' } });
  });

  it('is not tried again under an old intent: the keys are looked at anew first', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    ctx.clock.advance(60_001);

    await expect(step.run(before, ctx)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(issuer.keys).toHaveLength(1);
    await step.run(await step.prepare(ctx), ctx);
    expect(issuer.keys).toHaveLength(2);
  });

  it('at an issuer that cannot list is unknown, and says which label to look for', async () => {
    const { listKeys: _none, ...blind } = issuer;
    const { prepare, reconcile } = createKey(blind, API);
    const before = await prepare?.(ctx);

    expect(before && (await reconcile?.(before, ctx))).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining(ROTATION),
    });
  });

  it.each(['local', 'assisted'] as const)(
    'of a key that is made %s leaves nothing at the issuer',
    async (made) => {
      const step = stepOf({}, { ...API, made });
      const before = await step.prepare(ctx);
      issuer.keys.push({ id: 'somebody made it', status: 'active' });

      expect(await step.reconcile(before, ctx)).toEqual({ state: 'absent' });
    },
  );
});

describe('the way back', () => {
  it('deletes the key it made, and no other (elsewhere: the oldest, which is the live one)', async () => {
    const step = stepOf();
    const before = await step.prepare(ctx);
    const output = await step.run(before, ctx);

    await step.compensate(before, output, ctx);

    expect(issuer.deleted).toEqual(['new-1']);
    expect(issuer.keys.map((key) => key.id)).toEqual(['old-id']);
  });

  it('finds the key whose answer was lost', async () => {
    const { step, before } = await lostAnswer();

    await step.compensate(before, undefined, ctx);

    expect(issuer.deleted).toEqual(['new-1']);
  });

  it('has nothing to do when none was made', async () => {
    const step = stepOf();

    await step.compensate(await step.prepare(ctx), undefined, ctx);

    expect(issuer.deleted).toEqual([]);
  });

  it('switches the key off where the issuer cannot delete', async () => {
    const off: string[] = [];
    const { deleteKey: _none, ...keeping } = issuer;
    const step = createKey({ ...keeping, deactivateKey: async ({ id }) => void off.push(id) }, API);
    const before = await step.prepare?.(ctx);
    if (before === undefined) throw new Error('it prepares nothing');

    await step.compensate?.(before, await step.run(before, ctx), ctx);

    expect(off).toEqual(['new-1']);
  });

  it('hands over what the key is, so that an issuer which knows it by nothing else can switch it off; an orphan is an id', async () => {
    const off: (string | undefined)[] = [];
    const { deleteKey: _none, ...keeping } = issuer;
    const deactivate: Issuer['deactivateKey'] = async ({ material }) =>
      void off.push((await material?.())?.['value']?.reveal());
    const step = createKey({ ...keeping, deactivateKey: deactivate }, API);
    const before = await step.prepare?.(ctx);
    if (before === undefined) throw new Error('it prepares nothing');
    const made = await step.run(before, ctx);

    await step.compensate?.(before, made, ctx);
    await step.compensate?.(before, { ...made, parts: {} }, ctx);

    expect(off).toEqual(['value of new-1', undefined]);
  });
});

describe('at an issuer that can end no key', () => {
  const forEver = () => {
    const { deleteKey: _delete, deactivateKey: _deactivate, activateKey: _activate, ...rest } = issuer;
    return createKey(rest as Issuer, API);
  };

  it('its end is left to a person, and said so beforehand', () => {
    expect(forEver().describe().undo).toBe('a person deletes the new key');
  });

  it('no other key is made beside one whose answer was lost: a person has to remove it', async () => {
    const step = forEver();
    const before = (await step.prepare?.(ctx)) as never;
    issuer.loseNextAnswer();
    await expect(step.run(before, ctx)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    expect(await step.reconcile?.(before, ctx)).toEqual({
      state: 'unknown',
      reason: expect.stringMatching(/^key new-1 was made .* delete it at the issuer$/),
    });
  });
});
