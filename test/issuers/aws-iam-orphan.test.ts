import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { retryingIssuer } from '../../src/lib/issuer/retrying-issuer.ts';
import { DEFAULT_RETRY } from '../../src/lib/retry.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { createKey } from '../../src/steps/create-key.ts';
import { contextWith, type TestContext } from '../steps/support/step-context.ts';
import { openRig, type Rig } from './aws-iam-rig.ts';

/** IAM keeps no label on a key: whose it is, is told by when it was made. */

const A_DAY = 24 * 3_600_000;

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

/** A step whose intent is so old; by the clock of the emulator it is now. */
async function intendedAgo(ms: number) {
  const clock = virtualClock(Date.now() - ms);
  const ctx: TestContext = { ...(await contextWith(rig.old.credential)), clock };
  const issuer = retryingIssuer(rig.issuer, DEFAULT_RETRY, clock);
  const step = createKey(issuer, {
    made: 'api',
    deactivate: 'api',
    longestCreateMs: 60_000,
    confirmDone: async () => {},
    title: 'Make the new key',
  });
  const before = await step.prepare?.(ctx);
  if (before === undefined) throw new Error('it prepares nothing');
  clock.advance(ms);
  return { step, before, ctx };
}

const idsOf = async (): Promise<string[]> => (await rig.emulator.keys()).map(({ id }) => id);

describe('resumed after a create of which nothing is known', () => {
  test('a day later, a colleague’s unused key is left alone: by the resume, and by the way back', async () => {
    const { step, before, ctx } = await intendedAgo(A_DAY);
    const theirs = await rig.emulator.issue();

    expect(await step.reconcile?.(before, ctx)).toEqual({ state: 'absent' });
    await step.compensate?.(before, undefined, ctx);
    expect(await idsOf()).toEqual([rig.old.id, theirs.id]);
  });

  test('and nothing is made from a list that is a day old', async () => {
    const { step, before, ctx } = await intendedAgo(A_DAY);
    await expect(step.run(before, ctx)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await idsOf()).toEqual([rig.old.id]);
  });

  test('our own orphan is found and removed', async () => {
    const { step, before, ctx } = await intendedAgo(0);
    void rig.emulator.inject?.({ on: 'write', kind: 'lost-answer' });
    await expect(step.run(before, ctx)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    const [, orphan = ''] = await idsOf();
    ctx.clock.advance(A_DAY);

    const found = await step.reconcile?.(before, ctx);
    expect(found).toEqual({ state: 'orphaned', output: { keyId: orphan, parts: {} } });
    if (found?.state === 'orphaned') await step.discard?.(found.output, ctx);
    expect(await idsOf()).toEqual([rig.old.id]);
  });
});
