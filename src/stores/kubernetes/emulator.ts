import { randomBytes } from 'node:crypto';
import type { Fields } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { Slot } from '../../core/plugins/store.ts';
import type { EmulatedObject, EmulatedObjects } from '../../lib/kubernetes/emulator/emulated-objects.ts';
import {
  type RunningCluster,
  startEmulatedCluster,
} from '../../lib/kubernetes/emulator/start-emulated-cluster.ts';
import { WORKLOAD_KINDS } from '../../lib/kubernetes/workload.ts';
import { atPath } from './at-path.ts';
import { looksLikeGeneration } from './generation.ts';
import { referencesIn } from './references.ts';
import { type SecretRef, secretRef } from './secret-ref.ts';

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
      const own = secretOf(slot);
      const read = readBy(objects, secretRef(slot, 'emulator'), own) ?? (own === undefined ? [] : [own]);
      const found = slot.fields.flatMap((field) => {
        const values = read.flatMap((secret) =>
          secret === undefined ? GONE : ((secret['data'] as Fields<string> | undefined)?.[field] ?? []),
        );
        const texts = new Set(values.map((value) => Buffer.from(value, 'base64').toString('utf8')));
        // Half a switch is no value.
        return texts.size === 0 ? [] : [[field, [...texts].join(' and ')] as const];
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

/** What workloads read for a slot that goes through names; undefined when it does not. */
function readBy(
  objects: EmulatedObjects,
  { namespace, name }: SecretRef,
  own: EmulatedObject | undefined,
): readonly (EmulatedObject | undefined)[] | undefined {
  if (own !== undefined && own['immutable'] !== true) return undefined;
  const named = Object.values(WORKLOAD_KINDS).flatMap(({ plural, podSpec }) =>
    objects
      .list(plural, namespace)
      .flatMap((workload) => referencesIn(atPath(workload, podSpec), podSpec).map((each) => each.name)),
  );
  const generations = [...new Set(named)].filter((each) => looksLikeGeneration(each, name));
  return generations.map((each) => objects.get('secrets', namespace, each));
}

/** A Secret without the slot's own values, and without the version that a write moves. */
function without({ metadata, data, ...rest }: EmulatedObject, { fields }: Slot): object {
  const { resourceVersion: _moved, ...kept } = metadata;
  const beside = Object.entries((data ?? {}) as Fields<string>).filter(([key]) => !fields.includes(key));
  return { ...rest, metadata: kept, data: Object.fromEntries(beside.sort()) };
}

/** A name that leads nowhere is a pod that cannot start. */
const GONE = base64('nothing: a workload names a Secret that is gone');

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
