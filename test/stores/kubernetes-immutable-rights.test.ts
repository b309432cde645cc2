import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesClient } from '../../src/lib/kubernetes/kubernetes-client.ts';
import { workloadsOf } from '../../src/stores/kubernetes/workloads.ts';
import { ctx, fresh, type KubernetesRig, openKubernetesRig, refusal, SLOT } from './kubernetes-rig.ts';

let rig: KubernetesRig;
beforeEach(async () => {
  rig = await openKubernetesRig();
  rig.placeSecret({ immutable: true });
  placeWorkload('deployments', 'checkout');
});
afterEach(() => rig.close());

function placeWorkload(plural: 'deployments' | 'cronjobs', name: string, secret = 'payments'): void {
  const pod = { volumes: [{ name: 'keys', secret: { secretName: secret } }] };
  const template = { template: { spec: pod } };
  const spec = plural === 'cronjobs' ? { jobTemplate: { spec: template } } : template;
  rig.emulator.cluster.objects.put(plural, { metadata: { namespace: 'shop', name }, spec });
}

it('a workload names nothing on the word of an answer that is another object', async () => {
  const strange: KubernetesClient = {
    name: 'prod',
    server: '',
    context: '',
    ask: async () => ({ kind: 'Status', metadata: {} }),
    close: () => {},
  };
  const look = workloadsOf(strange, ['deployment/checkout'])('shop', ctx.signal);
  expect((await refusal(look)).code).toBe('UNAVAILABLE');
});

describe('an immutable Secret', () => {
  it.each(['get secrets', 'delete secrets'])(
    'is not begun where %s is granted for its first name alone: the next one has another',
    async (right) => {
      rig.emulator.cluster.bound.set(right, new Set(['payments']));
      const { findings } = await rig.store.preflight(SLOT, ctx);
      expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
        { code: 'PERMISSION_DENIED', message: expect.stringContaining(`\`${right.split(' ')[0]}\``) },
      ]);
    },
  );

  it('is kept for a workload that the config does not name, and that has no pod now', async () => {
    placeWorkload('cronjobs', 'nightly');
    const store = await rig.open({ workloads: ['deployment/checkout'] });
    const { findings } = await store.preflight(SLOT, ctx);
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: 'warning', message: expect.stringContaining('cronjob/nightly') }),
    );

    const before = await store.read(SLOT, ctx);
    const receipt = await store.write(SLOT, fresh(), before?.version, ctx);
    const tidied = store.tidy?.(SLOT, { replaced: before?.version, receipt }, ctx) ?? Promise.resolve();
    expect(await refusal(tidied)).toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('named by cronjob/nightly'),
    });
    expect(rig.secret()).toBeDefined();
  });

  it('is removed on the word of the named workloads where others may not be listed', async () => {
    for (const plural of ['deployments', 'statefulsets', 'daemonsets', 'cronjobs'])
      rig.emulator.cluster.denied.add(`list ${plural}`);
    const store = await rig.open({ workloads: ['deployment/checkout'] });
    expect(await rig.errors(store)).toEqual([]);
    const before = await store.read(SLOT, ctx);
    const receipt = await store.write(SLOT, fresh(), before?.version, ctx);
    await store.tidy?.(SLOT, { replaced: before?.version, receipt }, ctx);
    expect(rig.secret()).toBeUndefined();
  });

  it('that a push has made is kept on the way back, too, while a workload beside the named ones names it', async () => {
    const store = await rig.open({ workloads: ['deployment/checkout'] });
    const before = await store.read(SLOT, ctx);
    const pushed = fresh();
    const receipt = await store.write(SLOT, pushed, before?.version, ctx);
    const made = receipt.version?.split('@')[0] ?? '';
    placeWorkload('cronjobs', 'nightly', made);
    const restoration = { before: before?.version, values: before?.fields, receipt, pushed };
    expect(await refusal(store.restore(SLOT, restoration, ctx))).toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('named by cronjob/nightly'),
    });
    expect(rig.secret(made)).toBeDefined();
    expect((await store.read(SLOT, ctx))?.version).toBe(before?.version);

    placeWorkload('cronjobs', 'nightly');
    await store.restore(SLOT, restoration, ctx);
    expect(rig.secret(made)).toBeUndefined();
  });
});
