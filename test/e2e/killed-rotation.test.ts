import { afterEach, describe, expect, test } from 'vitest';
import { type KillableRotation, startKillableRotation } from '../support/killable-rotation.ts';
import { holdings } from '../support/world.ts';

const DOTENV = 'push:dotenv/shop/.env#ACCESS_ID,ACCESS_SECRET';
const VAULT = 'push:hashicorp-vault/secret/apps/ci#ACCESS_ID,ACCESS_SECRET';
const POINTS = ['before-intent', 'after-intent', 'after-effect', 'after-outcome'] as const;
const FORWARD = [
  'capture-old-key',
  'create-key',
  'verify-key',
  'keep-old-key',
  'guard:shop',
  DOTENV,
  'reload:shop',
  'check:shop/alive',
  VAULT,
  'deactivate-key',
  'prove-dead',
  'delete-key',
];
const BACK = [`undo:${VAULT}`, `undo:${DOTENV}`, 'undo:guard:shop', 'undo:keep-old-key', 'undo:create-key'];
const BACK_POINTS = ['before-intent', 'after-effect', 'after-outcome'] as const;

let rotation: KillableRotation;
afterEach(() => rotation.stop());

/** Seen from outside: the new key everywhere and nowhere another, and no key at the issuer but this one. */
async function expectRotated(): Promise<void> {
  expect(await holdings(rotation.world)).toEqual(['new', 'new']);
  expect(await heldKeys()).toHaveLength(1);
  expect(await rotation.world.issuer.keys()).toEqual([{ id: (await heldKeys())[0], active: true }]);
}

async function expectAsBefore(): Promise<void> {
  expect(await holdings(rotation.world)).toEqual(['old', 'old']);
  expect(await rotation.world.issuer.keys()).toEqual([{ id: rotation.world.oldKey.id, active: true }]);
}

async function heldKeys(): Promise<string[]> {
  const { world } = rotation;
  const held = await Promise.all(
    world.targets.map(async (target) => (await world.peek(target))?.['ACCESS_ID'] ?? ''),
  );
  return [...new Set(held)];
}

describe('a rotation killed by SIGKILL and resumed', () => {
  const cases = FORWARD.flatMap((step) => POINTS.map((point) => ({ step, point })));
  test.for(cases)('$point of $step', async ({ step, point }) => {
    rotation = await startKillableRotation();
    const killed = await rotation.run('rotate', { step, point });
    expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL', report: undefined });

    const resumed = await rotation.run('resume');
    expect(resumed.report?.status, resumed.stderr).toBe('done');
    await expectRotated();
  });
});

describe('a rotation killed twice', () => {
  const cases = [
    [
      { step: 'create-key', point: 'after-effect' },
      { step: 'create-key', point: 'after-effect' },
    ],
    [
      { step: 'create-key', point: 'after-effect' },
      { step: 'create-key', point: 'after-intent' },
    ],
    [
      { step: 'create-key', point: 'after-outcome' },
      { step: DOTENV, point: 'after-effect' },
    ],
    [
      { step: DOTENV, point: 'after-intent' },
      { step: DOTENV, point: 'after-effect' },
    ],
    [
      { step: DOTENV, point: 'after-effect' },
      { step: VAULT, point: 'after-effect' },
    ],
    [
      { step: VAULT, point: 'after-intent' },
      { step: 'deactivate-key', point: 'after-effect' },
    ],
    [
      { step: 'deactivate-key', point: 'after-effect' },
      { step: 'deactivate-key', point: 'after-effect' },
    ],
    [
      { step: 'deactivate-key', point: 'after-intent' },
      { step: 'delete-key', point: 'after-effect' },
    ],
    [
      { step: 'delete-key', point: 'after-effect' },
      { step: 'delete-key', point: 'after-effect' },
    ],
  ] as const;
  test.for(cases)('first %o, then %o', async ([first, second]) => {
    rotation = await startKillableRotation();
    expect((await rotation.run('rotate', first)).signal).toBe('SIGKILL');
    expect((await rotation.run('resume', second)).signal).toBe('SIGKILL');
    const resumed = await rotation.run('resume');
    expect(resumed.report?.status, resumed.stderr).toBe('done');
    await expectRotated();
  });
});

describe('a rollback killed by SIGKILL and asked for again', () => {
  const cases = BACK.flatMap((step) => BACK_POINTS.map((point) => ({ step, point })));
  test.for(cases)('$point of $step', async ({ step, point }) => {
    rotation = await startKillableRotation({ policy: { deactivate: 'ask' } });
    const paused = await rotation.run('rotate');
    expect(paused.report?.status, paused.stderr).toBe('at-gate');

    expect((await rotation.run('rollback', { step, point })).signal).toBe('SIGKILL');
    const again = await rotation.run('rollback');
    expect(again.report?.status, again.stderr).toBe('rolled-back');
    await expectAsBefore();
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
    await expectAsBefore();
  });
});
