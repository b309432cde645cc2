import { afterEach, describe, expect, test } from 'vitest';
import type { ProbePoint } from '../../../src/engine/driver.ts';
import type { LoopbackServer } from '../../../src/lib/emulator/loopback-server.ts';
import { pushId } from '../../../src/steps/push.ts';
import { targetId } from '../../../src/steps/target.ts';
import type { DockerEmulator } from '../../../src/stores/docker/emulator.ts';
import type { GoogleSecretEmulator } from '../../../src/stores/gcp-secret-manager/emulator.ts';
import type { KubernetesEmulator } from '../../../src/stores/kubernetes/emulator.ts';
import { type KillableRotation, startKillableRotation } from '../../support/killable-rotation.ts';
import { holdings } from '../../support/world.ts';
import { makeImmutable } from './immutable-secret.ts';
import { expectAsBefore, expectRotated } from './outcomes.ts';

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
  const id = targetId(target.store, target.slot.ref, target.slot.fields);
  return kind === 'push' ? pushId({ id }) : `tidy:${id}`;
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

const READER = /\/deployments\/|\/services\/[^/]+\/update$/;

function engineOf(kind: string): { readonly server: LoopbackServer } {
  const emulator = rotation.world.stores.get(kind);
  return kind === 'docker' ? (emulator as DockerEmulator).engine : (emulator as KubernetesEmulator).cluster;
}

/** Names of what the slot has had, without what only begins so. */
const OBJECTS: Readonly<Record<string, () => string[]>> = {
  docker: () => {
    const { swarm } = (rotation.world.stores.get('docker') as DockerEmulator).engine;
    return [...swarm.secrets.values()].map(({ spec }) => spec.Name);
  },
  kubernetes: () => {
    const { objects } = (rotation.world.stores.get('kubernetes') as KubernetesEmulator).cluster;
    const { ref } = rotation.world.targets.at(-1)?.slot ?? { ref: '' };
    return objects.list('secrets', ref.split('/')[0] ?? '').map(({ metadata }) => metadata.name);
  },
};

describe.each(['docker', 'kubernetes'])('what is immutable, in %s', (kind) => {
  const generations = (name: string): string[] =>
    (OBJECTS[kind]?.() ?? []).filter((each) => each.startsWith(name) && !/beside$/.test(each));
  const startWith = async (): Promise<string> => {
    rotation = await startKillableRotation({ stores: ['dotenv', kind] });
    if (kind === 'kubernetes') makeImmutable(rotation);
    return rotation.world.targets.at(-1)?.slot.ref.split('/').at(-1) ?? '';
  };

  test.each<ProbePoint>(['before-intent', 'after-intent', 'after-effect'])(
    'is gone once it is replaced, although the process was killed %s of that',
    async (point) => {
      const name = await startWith();
      expect((await rotation.run('rotate', { step: step('tidy'), point })).signal).toBe('SIGKILL');
      const resumed = await rotation.run('resume');
      expect(resumed.report?.status, resumed.stderr).toBe('done');
      expect(generations(name)).toEqual([expect.stringMatching(new RegExp(`^${name}-[0-9a-f]{10}$`))]);
      await expectRotated(rotation);
    },
  );

  test('is there as long as there is a way back, and nothing of ours is behind it', async () => {
    const name = await startWith();
    const killed = await rotation.run('rotate', { step: step('push'), point: 'after-effect' });
    expect(killed.signal).toBe('SIGKILL');
    expect(generations(name)).toHaveLength(2);
    const back = await rotation.run('rollback');
    expect(back.report?.status, back.stderr).toBe('rolled-back');
    expect(generations(name)).toEqual([name]);
    await expectAsBefore(rotation);
  });

  /** The secret is made, and the request that leads the first reader to it does not arrive. */
  const killBeforeFirstReader = (): void => {
    const { server } = engineOf(kind);
    server.onWrite((moment, { path }) => {
      if (moment !== 'before' || !READER.test(path)) return;
      server.onWrite(undefined);
      rotation.killNow();
      throw new Error('lost on the way');
    });
  };

  test('leaves nothing of ours, although the push was killed before its first reader', async () => {
    const name = await startWith();
    killBeforeFirstReader();
    expect((await rotation.run('rotate')).signal).toBe('SIGKILL');
    expect(generations(name)).toHaveLength(2);
    const back = await rotation.run('rollback');
    expect(back.report?.status, back.stderr).toBe('rolled-back');
    expect(generations(name)).toEqual([name]);
    await expectAsBefore(rotation);
  });

  test('is completed with what was made, although the push was killed before its first reader', async () => {
    const name = await startWith();
    killBeforeFirstReader();
    expect((await rotation.run('rotate')).signal).toBe('SIGKILL');
    const resumed = await rotation.run('resume');
    expect(resumed.report?.status, resumed.stderr).toBe('done');
    expect(generations(name)).toEqual([expect.stringMatching(new RegExp(`^${name}-[0-9a-f]{10}$`))]);
    await expectRotated(rotation);
  });

  test('is there again and alone, although the way back was killed behind its last reader', async () => {
    const name = await startWith();
    const killed = await rotation.run('rotate', { step: step('push'), point: 'after-effect' });
    expect(killed.signal).toBe('SIGKILL');
    const readers = kind === 'docker' ? 1 : 2;
    let led = 0;
    engineOf(kind).server.onWrite((moment, { path }) => {
      if (moment !== 'after' || !READER.test(path)) return;
      led += 1;
      if (led === readers) rotation.killNow();
    });
    expect((await rotation.run('rollback')).signal).toBe('SIGKILL');
    expect(generations(name)).toHaveLength(2);
    const again = await rotation.run('rollback');
    expect(again.report?.status, again.stderr).toBe('rolled-back');
    expect(generations(name)).toEqual([name]);
    await expectAsBefore(rotation);
  });
});
