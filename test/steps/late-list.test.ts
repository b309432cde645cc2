import { beforeEach, describe, expect, test } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { createKey } from '../../src/steps/create-key.ts';
import { type FakeIssuer, fakeIssuer } from './support/fake-issuer.ts';
import { contextWith, type TestContext } from './support/step-context.ts';

let issuer: FakeIssuer;
let ctx: TestContext;
beforeEach(async () => {
  issuer = fakeIssuer();
  ctx = await contextWith({ value: new Secret('the old value') });
});

/** A create whose answer was lost, at an issuer that lists the key only from the `late`-th look on. */
async function listedLate(late: number) {
  let looks = 0;
  const listKeys = async () => {
    looks += 1;
    return issuer.keys.filter(({ id }) => id === 'old-id' || looks > late);
  };
  const step = createKey(
    { ...issuer, listKeys },
    {
      made: 'api',
      deactivate: 'api',
      longestCreateMs: 60_000,
      title: 'Make the new key',
      confirmDone: async () => {},
    },
  );
  const before = (await step.prepare?.(ctx)) as never;
  issuer.loseNextAnswer();
  await expect(step.run(before, ctx)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  return { step, before, looks: () => looks };
}

describe('a key whose answer was lost, listed late', () => {
  test('is found, and no second one is made', async () => {
    const { step, before } = await listedLate(3);
    expect(await step.reconcile?.(before, ctx)).toMatchObject({
      state: 'orphaned',
      output: { keyId: 'new-1' },
    });
  });

  test('is found by its label where ids come back, as of two roles that take turns', async () => {
    const twice = async (label: string) => {
      issuer.keys.splice(1, 1, { id: 'role-b', status: 'active', label });
      throw new RotationError('INDETERMINATE', { subject: 'the issuer' });
    };
    issuer.keys.push({ id: 'role-b', status: 'inactive', label: '20291201-rotation.0' });
    const step = createKey(
      { ...issuer, createKey: twice },
      {
        made: 'api',
        deactivate: 'api',
        longestCreateMs: 60_000,
        title: 'Make the new key',
        confirmDone: async () => {},
      },
    );
    const before = (await step.prepare?.(ctx)) as never;
    expect(await step.reconcile?.(before, ctx)).toEqual({ state: 'absent' });
    await expect(step.run(before, ctx)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    await step.compensate?.(before, undefined, ctx);
    expect(issuer.deleted).toEqual(['role-b']);
  });

  test('is taken back too', async () => {
    const { step, before } = await listedLate(3);
    await step.compensate?.(before, undefined, ctx);
    expect(issuer.deleted).toEqual(['new-1']);
  });

  test('is waited for as long as this issuer takes, and no longer', async () => {
    const { step, before, looks } = await listedLate(99);
    const began = ctx.clock.now();
    expect(await step.reconcile?.(before, ctx)).toEqual({ state: 'absent' });
    expect(looks()).toBe(1 + issuer.propagation.confirmations);
    expect(ctx.clock.now() - began).toBe(2 * issuer.propagation.intervalMs);
  });

  test('is not waited for by somebody who asks to stop', async () => {
    const { step, before } = await listedLate(99);
    ctx.stop();
    await expect(step.reconcile?.(before, ctx)).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
