import { randomBytes } from 'node:crypto';
import type { Fields } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { Slot } from '../../core/plugins/store.ts';
import type { EmulatedObject } from '../../lib/kubernetes/emulator/emulated-objects.ts';
import {
  type RunningCluster,
  startEmulatedCluster,
} from '../../lib/kubernetes/emulator/start-emulated-cluster.ts';
import { secretRef } from './secret-ref.ts';

/** A cluster on this machine, and the hands of its users. */
export interface KubernetesEmulator extends StoreEmulator {
  readonly cluster: RunningCluster;
}

export async function startKubernetesEmulator(): Promise<KubernetesEmulator> {
  const cluster = await startEmulatedCluster();
  const { objects } = cluster;
  const secretOf = (slot: Slot): EmulatedObject | undefined => {
    const { namespace, name } = secretRef(slot, 'emulator');
    return objects.get('secrets', namespace, name);
  };
  const put = (slot: Slot, values: Fields<string>, beside: JsonObject = {}): void => {
    const { namespace, name } = secretRef(slot, 'emulator');
    const old = secretOf(slot);
    const encoded = Object.entries(values).map(([key, value]) => [key, base64(value)] as const);
    objects.put('secrets', {
      type: 'Opaque',
      ...old,
      metadata: { ...old?.metadata, ...beside, namespace, name },
      data: { ...((old?.['data'] ?? {}) as object), ...Object.fromEntries(encoded) },
    });
  };

  return {
    cluster,
    options: (original = {}) => cluster.connection(original),
    resolve: () => undefined,
    inject: (fault) => cluster.server.inject(fault),
    effects: () => cluster.effects(),
    stop: cluster.stop,
    sampleSlot: (name, fields) => ({ ref: `shop/${name}`, fields }),
    seed: async (slot, values) => {
      const marks = {
        labels: { 'app.kubernetes.io/name': 'checkout' },
        annotations: { note: 'of the team' },
      };
      if (secretOf(slot) === undefined) put(slot, { BESIDE: randomBytes(12).toString('hex') }, marks);
      put(slot, values);
      put({ ref: `${slot.ref}-beside`, fields: slot.fields }, { BESIDE: randomBytes(12).toString('hex') });
      return slot;
    },
    peek: async (slot) => {
      const data = secretOf(slot)?.['data'] as Fields<string> | undefined;
      const found = slot.fields.flatMap((field) => {
        const value = data?.[field];
        return value === undefined ? [] : [[field, Buffer.from(value, 'base64').toString('utf8')] as const];
      });
      return found.length === 0 ? undefined : Object.fromEntries(found);
    },
    neighbours: async (slot) => {
      const { namespace, name } = secretRef(slot, 'emulator');
      return JSON.stringify(
        objects
          .entries()
          .map(([key, object]) => [
            key,
            key === `secrets/${namespace}/${name}` ? without(object, slot) : object,
          ]),
      );
    },
    overwrite: async (slot, values) => put(slot, values),
  };
}

/** A Secret without the slot's own values, and without the version that a write moves. */
function without({ metadata, data, ...rest }: EmulatedObject, { fields }: Slot): object {
  const { resourceVersion: _moved, ...kept } = metadata;
  const beside = Object.entries((data ?? {}) as Fields<string>).filter(([key]) => !fields.includes(key));
  return { ...rest, metadata: kept, data: Object.fromEntries(beside.sort()) };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
