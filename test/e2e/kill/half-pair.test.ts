import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ConjurEmulator } from '../../../src/stores/cyberark-conjur/emulator.ts';
import { type KillableRotation, startKillableRotation } from '../../support/killable-rotation.ts';
import { holdings } from '../../support/world.ts';
import { expectAsBefore } from './outcomes.ts';

let rotation: KillableRotation;
afterEach(() => rotation.stop());

/** The process that drives the rotation now, from its journal. */
async function driver(): Promise<number> {
  const home = join(rotation.world.config.stateDir, 'rotations');
  const [id = ''] = await readdir(home);
  const lines = (await readFile(join(home, id, 'journal.jsonl'), 'utf8')).trimEnd().split('\n');
  const started = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'driver.started');
  return started.at(-1).pid;
}

/** Killed when Conjur has taken the first variable, and before it has said so: the second is never sent. */
async function killedBetweenTheWrites(): Promise<void> {
  rotation = await startKillableRotation({
    stores: ['dotenv', 'cyberark-conjur'],
    policy: { deactivate: 'ask' },
  });
  const conjur = rotation.world.stores.get('cyberark-conjur') as ConjurEmulator;
  conjur.server.onWrite(async (moment) => {
    if (moment !== 'after') return;
    conjur.server.onWrite(undefined);
    process.kill(await driver(), 'SIGKILL');
  });
  expect((await rotation.run('rotate')).signal).toBe('SIGKILL');
  expect(await partsHeld()).toEqual(['new', 'old']);
}

/** Of the pair in Conjur, as the outside world reads it. */
async function partsHeld(): Promise<string[]> {
  const { world } = rotation;
  const pair = world.targets.find(({ store }) => store === 'cyberark-conjur');
  if (pair === undefined) throw new Error('the world has no Conjur');
  const values = (await world.peek(pair)) ?? {};
  return Object.entries(pair.parts)
    .map(([field, part]) => (values[field] === world.oldKey.credential[part]?.reveal() ? 'old' : 'new'))
    .sort();
}

describe('killed between the two writes of a pair', () => {
  test('and resumed: both parts are new, and a rollback from there restores both old ones', async () => {
    await killedBetweenTheWrites();

    const resumed = await rotation.run('resume');
    expect(resumed.report?.status, resumed.stderr).toBe('at-gate');
    expect(await partsHeld()).toEqual(['new', 'new']);
    expect(await holdings(rotation.world)).toEqual(['new', 'new']);
    expect(await rotation.world.issuer.keys()).toHaveLength(2);

    const back = await rotation.run('rollback');
    expect(back.report?.status, back.stderr).toBe('rolled-back');
    await expectAsBefore(rotation);
  });

  test('and taken back from there', async () => {
    await killedBetweenTheWrites();

    const back = await rotation.run('rollback');
    expect(back.report?.status, back.stderr).toBe('rolled-back');
    await expectAsBefore(rotation);
  });
});
