import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import {
  type KubernetesRolloutEmulator,
  startKubernetesRolloutEmulator,
} from '../../src/reloads/kubernetes-rollout/emulator.ts';
import { plugin } from '../../src/reloads/kubernetes-rollout/index.ts';
import { rolloutState } from '../../src/reloads/kubernetes-rollout/rollout-state.ts';
import { type OpenedReload, openReload } from './open-reload.ts';

let emulator: KubernetesRolloutEmulator;
beforeEach(async () => {
  emulator = await startKubernetesRolloutEmulator();
});
afterEach(() => emulator.stop());

const open = (options: JsonObject = {}): Promise<OpenedReload> =>
  openReload(
    plugin,
    emulator.options({
      namespace: 'shop',
      workloads: ['deployment/checkout'],
      interval: '2s',
      ...options,
    }),
  );

const annotationsOf = (plural: string, name: string): unknown => {
  const spec = emulator.cluster.objects.get(plural, 'shop', name)?.['spec'];
  return (spec as { template?: { metadata?: { annotations?: unknown } } }).template?.metadata?.annotations;
};

describe('the rollout', () => {
  it.each(['deployment', 'statefulset', 'daemonset'])('of a %s is waited for to its end', async (kind) => {
    emulator.cluster.rollouts.looksUntilUp = 3;
    const reload = await open({ workloads: [`${kind}/checkout`] });
    const evidence = await reload.run();
    expect(evidence).toMatchObject({ workloads: [`${kind}/checkout: 2 new pods, all available`] });
    expect(annotationsOf(`${kind}s`, 'checkout')).toEqual({
      'kubectl.kubernetes.io/restartedAt': evidence['restartedAt'],
    });
    // Not seen by its controller, seen, one old pod left: then all new.
    expect(reload.clock.sleeps).toEqual([2000, 2000, 2000]);
  });

  it('restarts all workloads of a service before it waits for the first', async () => {
    await (await open({ workloads: ['deployment/web', 'deployment/worker'] })).run();
    const methods = emulator.cluster.server.requests.map(({ method }) => method).join(' ');
    expect(methods).toMatch(/^GET GET PATCH PATCH GET/);
  });

  it('whose progress deadline is exceeded fails at once, with what the cluster says', async () => {
    emulator.cluster.rollouts.fate = 'deadline-exceeded';
    const reload = await open();
    await expect(reload.run()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringMatching(/progress deadline exceeded: ReplicaSet "emulated" has timed out/),
    });
    expect(reload.clock.sleeps).toHaveLength(1);
  });

  it('that does not end is given up when the time is over, with the last that was seen', async () => {
    emulator.cluster.rollouts.fate = 'never';
    await expect((await open()).run()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('not done within 20s: 1 of 2 pods are new'),
    });
  });

  it('that somebody takes back is no restart, however many pods are up', async () => {
    const { objects, server } = emulator.cluster;
    const reload = await open();
    server.onWrite((moment) => {
      if (moment !== 'after') return;
      const metadata = { namespace: 'shop', name: 'checkout' };
      objects.put('deployments', { metadata, spec: { replicas: 2, template: {} } });
    });
    await expect(reload.run()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('its old template again'),
    });
  });

  it('goes on while the API server is away for a moment', async () => {
    const reload = await open();
    emulator.cluster.server.onWrite((moment) => {
      if (moment === 'after')
        emulator.inject?.({ on: 'read', kind: 'status', status: 429, retryAfter: 7, times: 1 });
    });
    await expect(reload.run()).resolves.toMatchObject({ workloads: [expect.stringContaining('2 new pods')] });
    expect(reload.clock.sleeps[0]).toBe(7000);
  });

  it.each<[string, string, JsonObject, RegExp]>([
    ['is paused', 'deployment', { paused: true }, /paused/],
    [
      'replaces pods when they are deleted',
      'daemonset',
      { updateStrategy: { type: 'OnDelete' } },
      /OnDelete/,
    ],
    [
      'keeps a partition',
      'statefulset',
      { updateStrategy: { rollingUpdate: { partition: 1 } } },
      /partition/,
    ],
  ])('is not begun for a workload that %s', async (_what, kind, spec, words) => {
    const metadata = { namespace: 'shop', name: 'checkout' };
    emulator.cluster.objects.put(`${kind}s`, { metadata, spec: { replicas: 2, template: {}, ...spec } });
    const reload = await open({ workloads: [`${kind}/checkout`] });
    await expect(reload.run()).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(words),
    });
    expect(emulator.effects()).toBe(0);
  });

  it('of a workload that is not there is told before any other is restarted', async () => {
    const reload = await open({ workloads: ['deployment/checkout', 'deployment/absent'] });
    emulator.cluster.objects.delete('deployments', 'shop', 'absent');
    await expect(reload.run()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(emulator.effects()).toBe(0);
  });
});

describe('a workload is up', () => {
  const deployment = (status: JsonObject) =>
    rolloutState('deployment', { metadata: { generation: 4 }, spec: { replicas: 3 }, status }).state;
  const done = { observedGeneration: 4, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };

  it.each<[string, JsonObject, string]>([
    ['only when all are new and available', {}, 'up'],
    ['not before its controller has seen the change', { observedGeneration: 3 }, 'rolling'],
    ['not while some are old', { updatedReplicas: 2 }, 'rolling'],
    ['not while an old one still runs beside the new', { replicas: 4 }, 'rolling'],
    ['not while one is not available', { availableReplicas: 2 }, 'rolling'],
  ])('%s', (_what, change, state) => {
    expect(deployment({ ...done, ...change })).toBe(state);
  });

  it('not while somebody has paused it half-way, and that is told', () => {
    const half = { metadata: { generation: 4 }, spec: { replicas: 3, paused: true } };
    const status = { ...done, updatedReplicas: 1 };
    expect(rolloutState('deployment', { ...half, status })).toEqual({
      state: 'rolling',
      seen: '1 of 3 pods are new; somebody has paused it',
    });
    expect(rolloutState('deployment', { ...half, status: done }).state).toBe('up');
  });

  it('when it should have no pods and has none', () => {
    const status = { observedGeneration: 1 };
    const none = { metadata: { generation: 1 }, spec: { replicas: 0 }, status };
    expect(rolloutState('deployment', none).state).toBe('up');
    expect(rolloutState('statefulset', none).state).toBe('up');
    expect(rolloutState('daemonset', { metadata: { generation: 1 }, status }).state).toBe('up');
  });

  it('not while a StatefulSet has two revisions, or a pod that is not ready', () => {
    const status = {
      observedGeneration: 1,
      readyReplicas: 1,
      updatedReplicas: 1,
      currentRevision: 'a',
      updateRevision: 'a',
    };
    const set = (change: JsonObject) =>
      rolloutState('statefulset', { metadata: { generation: 1 }, spec: {}, status: { ...status, ...change } })
        .state;
    expect(set({})).toBe('up');
    expect(set({ updateRevision: 'b' })).toBe('rolling');
    expect(set({ readyReplicas: 0 })).toBe('rolling');
    expect(set({ availableReplicas: 0 })).toBe('rolling');
  });
});
