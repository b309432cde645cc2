import { afterEach, describe, expect, test } from 'vitest';
import { type KillableRotation, startKillableRotation } from '../../support/killable-rotation.ts';
import { DOTENV, expectAsBefore, VAULT } from './outcomes.ts';

const BACK = [`undo:${VAULT}`, `undo:${DOTENV}`, 'undo:guard:shop', 'undo:keep-old-key', 'undo:create-key'];
const BACK_POINTS = ['before-intent', 'after-effect', 'after-outcome'] as const;

let rotation: KillableRotation;
afterEach(() => rotation.stop());

describe('a rollback killed by SIGKILL and asked for again', () => {
  const cases = BACK.flatMap((step) => BACK_POINTS.map((point) => ({ step, point })));
  test.for(cases)('$point of $step', async ({ step, point }) => {
    rotation = await startKillableRotation({ policy: { deactivate: 'ask' } });
    const paused = await rotation.run('rotate');
    expect(paused.report?.status, paused.stderr).toBe('at-gate');

    expect((await rotation.run('rollback', { step, point })).signal).toBe('SIGKILL');
    const again = await rotation.run('rollback');
    expect(again.report?.status, again.stderr).toBe('rolled-back');
    await expectAsBefore(rotation);
  });
});

describe('restoring by value', () => {
  test('a kill before the write-back is made good, in a store without versions', async () => {
    rotation = await startKillableRotation({
      policy: { deactivate: 'ask' },
      refs: { 'hashicorp-vault': 'kv1/apps/ci' },
    });
    expect((await rotation.run('rotate')).report?.status).toBe('at-gate');
    const step = 'undo:push:hashicorp-vault/kv1/apps/ci#ACCESS_ID,ACCESS_SECRET';
    expect((await rotation.run('rollback', { step, point: 'before-intent' })).signal).toBe('SIGKILL');
    expect((await rotation.run('rollback')).report?.status).toBe('rolled-back');
    await expectAsBefore(rotation);
  });
});
