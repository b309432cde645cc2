import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { pushId } from '../../../src/steps/push.ts';
import { targetId } from '../../../src/steps/target.ts';
import { type KillableRotation, startKillableRotation } from '../../support/killable-rotation.ts';
import type { Shape } from '../../support/world.ts';
import { makeImmutable } from './immutable-secret.ts';
import { DOTENV, expectAsBefore, expectRotated, VAULT } from './outcomes.ts';

/** By version, by value, by the word of the config: each kind of store that can prove a push by itself. */
const OTHERS = [
  'github-actions',
  'circleci',
  'gitlab-ci',
  'postman-environment',
  'aws-ssm',
  'gcp-secret-manager',
  'azure-key-vault',
  'file',
  'command',
  'http',
  'kubernetes',
  'docker',
  'docker-login',
];

interface Way extends Shape {
  readonly name: string;
  /** What the user has there, besides what is seeded. */
  readonly prepare?: (rotation: KillableRotation) => void;
}

/** By the version of the pair, by the version of each half, and by writing the sealed old value. */
const WAYS_BACK: readonly Way[] = [
  { name: 'aws-secrets-manager', stores: ['dotenv', 'aws-secrets-manager'] },
  { name: 'cyberark-conjur', stores: ['dotenv', 'cyberark-conjur'] },
  {
    name: 'hashicorp-vault KV 1',
    stores: ['dotenv', 'hashicorp-vault'],
    refs: { 'hashicorp-vault': 'kv1/apps/ci' },
  },
  { name: 'immutable kubernetes', stores: ['dotenv', 'kubernetes'], prepare: makeImmutable },
  ...OTHERS.map((name) => ({ name, stores: ['dotenv', name] })),
];

let rotation: KillableRotation;
afterEach(() => rotation.stop());

/** The push to the store in question; `dotenv` is the other one. */
function lastPush(): string {
  const target = rotation.world.targets.at(-1);
  if (target === undefined) throw new Error('the world has no target');
  return pushId({ id: targetId(target.store, target.slot.ref, target.slot.fields) });
}

/** Key ids in the outcomes of create-key, from the journal itself. */
async function mintsInJournal(): Promise<number> {
  const home = join(rotation.world.config.stateDir, 'rotations');
  const [id = ''] = await readdir(home);
  const lines = (await readFile(join(home, id, 'journal.jsonl'), 'utf8')).trimEnd().split('\n');
  const made = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'step.done');
  return made.filter(({ step }) => step === 'create-key').length;
}

describe.each(WAYS_BACK)('over $name', ({ prepare, ...shape }) => {
  const start = async (policy: Shape = {}): Promise<void> => {
    rotation = await startKillableRotation({ ...shape, ...policy });
    prepare?.(rotation);
  };

  test('killed right after the push, and resumed', async () => {
    await start();
    expect((await rotation.run('rotate', { step: lastPush(), point: 'after-effect' })).signal).toBe(
      'SIGKILL',
    );
    const resumed = await rotation.run('resume');
    expect(resumed.report?.status, resumed.stderr).toBe('done');
    await expectRotated(rotation);
    expect(await mintsInJournal()).toBe(1);
  });

  test('killed right after the push, and taken back: the undo does not need the lost outcome', async () => {
    await start();
    expect((await rotation.run('rotate', { step: lastPush(), point: 'after-effect' })).signal).toBe(
      'SIGKILL',
    );
    const back = await rotation.run('rollback');
    expect(back.report?.status, back.stderr).toBe('rolled-back');
    await expectAsBefore(rotation);
  });

  test('killed right after it was taken back, and taken back again', async () => {
    await start({ policy: { deactivate: 'ask' } });
    expect((await rotation.run('rotate')).report?.status).toBe('at-gate');
    const undone = { step: `undo:${lastPush()}`, point: 'after-effect' } as const;
    expect((await rotation.run('rollback', undone)).signal).toBe('SIGKILL');
    expect((await rotation.run('rollback')).report?.status).toBe('rolled-back');
    await expectAsBefore(rotation);
  });
});

describe('a rollback killed twice', () => {
  test.each([
    [
      { step: `undo:${VAULT}`, point: 'after-effect' },
      { step: `undo:${DOTENV}`, point: 'before-intent' },
    ],
    [
      { step: `undo:${DOTENV}`, point: 'after-effect' },
      { step: 'undo:create-key', point: 'before-intent' },
    ],
    [
      { step: 'undo:create-key', point: 'after-effect' },
      { step: 'undo:create-key', point: 'after-effect' },
    ],
  ] as const)('first %o, then %o', async (first, second) => {
    rotation = await startKillableRotation({ policy: { deactivate: 'ask' } });
    expect((await rotation.run('rotate')).report?.status).toBe('at-gate');
    expect((await rotation.run('rollback', first)).signal).toBe('SIGKILL');
    // A resume of a rotation on its way back goes back, as another rollback would.
    expect((await rotation.run('resume', second)).signal).toBe('SIGKILL');
    const again = await rotation.run('resume');
    expect(again.report?.status, again.stderr).toBe('rolled-back');
    await expectAsBefore(rotation);
  });
});

test('killed on the way forward, the way back asked for, and that killed too', async () => {
  rotation = await startKillableRotation();
  expect((await rotation.run('rotate', { step: 'create-key', point: 'after-effect' })).signal).toBe(
    'SIGKILL',
  );
  expect((await rotation.run('rollback', { step: 'undo:create-key', point: 'after-effect' })).signal).toBe(
    'SIGKILL',
  );
  expect((await rotation.run('rollback')).report?.status).toBe('rolled-back');
  await expectAsBefore(rotation);
});
