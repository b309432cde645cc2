import { beforeEach, describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Issuer, IssuerCapabilities } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { createKey } from '../../src/steps/create-key.ts';
import { type FakeIssuer, fakeIssuer } from './support/fake-issuer.ts';
import { contextWith, type TestContext } from './support/step-context.ts';

const OLD = { value: new Secret('the old value') };

let issuer: FakeIssuer;
let ctx: TestContext;
beforeEach(async () => {
  issuer = fakeIssuer();
  ctx = await contextWith(OLD);
});

const REFUSAL = new RotationError('REFUSED', { subject: 'the fake issuer', reason: 'odd format' });
const refusing = {
  validate: () => {
    throw REFUSAL;
  },
};

async function make(of: Issuer, making: Partial<IssuerCapabilities> = {}) {
  const { create: made = 'api', deactivate = 'api' } = making;
  const confirmDone = async (): Promise<void> => {};
  const settings = { made, deactivate, longestCreateMs: 60_000, title: 'Make the new key', confirmDone };
  const step = createKey(of, settings);
  const before = await step.prepare?.(ctx);
  if (before === undefined) throw new Error('it prepares nothing');
  return { step, before, run: () => step.run(before, ctx) };
}

describe('a key that its issuer made, and that is refused', () => {
  it('is deleted before the refusal is told', async () => {
    const { run } = await make({ ...issuer, ...refusing });
    await expect(run()).rejects.toBe(REFUSAL);
    expect(issuer.deleted).toEqual(['new-1']);
    expect(issuer.keys.map(({ id }) => id)).toEqual(['old-id']);
  });

  it('is switched off where the issuer cannot delete', async () => {
    const off: string[] = [];
    const { deleteKey: _none, ...keeping } = { ...issuer, ...refusing };
    const { run } = await make({ ...keeping, deactivateKey: async ({ id }) => void off.push(id) });
    await expect(run()).rejects.toBe(REFUSAL);
    expect(off).toEqual(['new-1']);
  });

  it('is named where keyturn can do neither, and no person is asked to', async () => {
    const off: string[] = [];
    const { deleteKey: _none, ...keeping } = { ...issuer, ...refusing };
    const assisted = { ...keeping, deactivateKey: async ({ id }: { id: string }) => void off.push(id) };
    const { run } = await make(assisted, { deactivate: 'assisted' });
    await expect(run()).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/odd format.*new-1/),
    });
    expect(off).toEqual([]);
  });

  it.each(['assisted', 'local'] as const)('is left alone when it was made %s', async (create) => {
    const { run } = await make({ ...issuer, ...refusing }, { create });
    await expect(run()).rejects.toBe(REFUSAL);
    expect(issuer.deleted).toEqual([]);
  });

  it('is removed by the id that its issuer lists, when the id in its material is another', async () => {
    const createKeyAt = issuer.createKey;
    const misread = async (...call: Parameters<Issuer['createKey']>) => ({
      ...(await createKeyAt(...call)),
      id: 'fp:of-odd-material',
    });
    const { run } = await make({ ...issuer, ...refusing, createKey: misread });
    await expect(run()).rejects.toBe(REFUSAL);
    expect(issuer.deleted).toEqual(['new-1']);
  });

  it('and that cannot be removed is not forgotten: it is looked for, and discarded as an orphan', async () => {
    let broken = true;
    const deleteKey: Issuer['deleteKey'] = async (ref, call) => {
      if (broken) throw new RotationError('UNAVAILABLE', { subject: 'the fake issuer' });
      await issuer.deleteKey?.(ref, call);
    };
    const { step, before, run } = await make({ ...issuer, ...refusing, deleteKey });
    await expect(run()).rejects.toMatchObject({
      code: 'INDETERMINATE',
      message: expect.stringContaining('odd format'),
    });

    const found = await step.reconcile?.(before, ctx);
    expect(found).toMatchObject({ state: 'orphaned', output: { keyId: 'new-1' } });
    broken = false;
    if (found?.state === 'orphaned') await step.discard?.(found.output, ctx);
    expect(issuer.keys.map(({ id }) => id)).toEqual(['old-id']);
  });
});

describe('an answer that is the old key', () => {
  const answering = (id: string): Pick<Issuer, 'createKey'> => ({
    createKey: async () => ({ id, credential: OLD }),
  });

  it.each(['old-id', 'earlier'])(
    'called %s is refused, and nothing that was there before is removed',
    async (id) => {
      issuer.keys.push({ id: 'earlier', status: 'active' });
      const { run } = await make({ ...issuer, ...answering(id) });
      await expect(run()).rejects.toMatchObject({ code: 'REFUSED' });
      expect(issuer.deleted).toEqual([]);
    },
  );

  it('is not removed either where no list tells what was there before', async () => {
    const { listKeys: _none, ...blind } = { ...issuer, ...answering('who knows') };
    const { run } = await make(blind);
    await expect(run()).rejects.toMatchObject({ code: 'REFUSED' });
    expect(issuer.deleted).toEqual([]);
  });

  it('under an id that is new is removed: it is another record', async () => {
    const { run } = await make({ ...issuer, ...answering('a copy') });
    await expect(run()).rejects.toMatchObject({ code: 'REFUSED' });
    expect(issuer.deleted).toEqual(['a copy']);
  });
});
