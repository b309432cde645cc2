import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ctx, type KubernetesRig, openKubernetesRig, SLOT } from './kubernetes-rig.ts';

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
});
