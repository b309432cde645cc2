import type { KubernetesEmulator } from '../../../src/stores/kubernetes/emulator.ts';
import type { KillableRotation } from '../../support/killable-rotation.ts';

/** The last target becomes an immutable Secret that two Deployments read: each push makes another one. */
export function makeImmutable({ world }: KillableRotation): void {
  const { objects } = (world.stores.get('kubernetes') as KubernetesEmulator).cluster;
  const [namespace = '', name = ''] = world.targets.at(-1)?.slot.ref.split('/') ?? [];
  const secret = objects.get('secrets', namespace, name);
  if (secret === undefined) throw new Error('nothing was seeded');
  objects.put('secrets', { ...secret, immutable: true });
  for (const user of ['web', 'worker']) {
    const spec = { template: { spec: { volumes: [{ name: 'key', secret: { secretName: name } }] } } };
    objects.put('deployments', { metadata: { namespace, name: user }, spec });
  }
}
