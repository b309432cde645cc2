import { afterEach, expect, test } from 'vitest';
import type { ProbePoint } from '../../../src/engine/driver.ts';
import type { GoogleSecretEmulator } from '../../../src/stores/gcp-secret-manager/emulator.ts';
import { type KillableRotation, startKillableRotation } from '../../support/killable-rotation.ts';
import { holdings } from '../../support/world.ts';
import { expectRotated } from './outcomes.ts';

const GCP = 'gcp-secret-manager';
let rotation: KillableRotation;
afterEach(() => rotation.stop());

/** A store that removes, at the end, what its push has replaced. */
async function start(): Promise<GoogleSecretEmulator> {
  const options = { [GCP]: { project: 'acme-prod', disableReplaced: true } };
  rotation = await startKillableRotation({ stores: ['dotenv', GCP], options });
  return rotation.world.stores.get(GCP) as GoogleSecretEmulator;
}

function step(kind: 'push' | 'tidy'): string {
  const target = rotation.world.targets.at(-1);
  if (target === undefined) throw new Error('the world has no target');
  return `${kind}:${target.store}/${target.slot.ref}#${target.slot.fields.join(',')}`;
}

function states(emulator: GoogleSecretEmulator): string[] {
  const slot = rotation.world.targets.at(-1)?.slot;
  if (slot === undefined) throw new Error('the world has no target');
  return emulator.secret(slot).versions.map(({ state }) => state);
}

test.each<ProbePoint>(['before-intent', 'after-intent', 'after-effect'])(
  'what a push has replaced is put away, although the process was killed %s of it',
  async (point) => {
    const emulator = await start();
    expect((await rotation.run('rotate', { step: step('tidy'), point })).signal).toBe('SIGKILL');
    const resumed = await rotation.run('resume');
    expect(resumed.report?.status, resumed.stderr).toBe('done');
    expect(states(emulator)).toEqual(['DISABLED', 'ENABLED']);
    await expectRotated(rotation);
  },
);

test('what a push has replaced is known although its outcome was lost', async () => {
  const emulator = await start();
  expect((await rotation.run('rotate', { step: step('push'), point: 'after-effect' })).signal).toBe(
    'SIGKILL',
  );
  const resumed = await rotation.run('resume');
  expect(resumed.report?.status, resumed.stderr).toBe('done');
  expect(states(emulator)).toEqual(['DISABLED', 'ENABLED']);
});

test('nothing is put away while there is a way back', async () => {
  const emulator = await start();
  expect((await rotation.run('rotate', { step: step('push'), point: 'after-effect' })).signal).toBe(
    'SIGKILL',
  );
  const back = await rotation.run('rollback');
  expect(back.report?.status, back.stderr).toBe('rolled-back');
  expect(states(emulator)).not.toContain('DISABLED');
  expect(await holdings(rotation.world)).toEqual(['old', 'old']);
});
