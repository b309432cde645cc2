import { randomUUID } from 'node:crypto';

export interface EmulatedMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly creationTimestamp: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

export interface EmulatedObject {
  readonly metadata: EmulatedMetadata;
  readonly [key: string]: unknown;
}

/** What somebody applies: the server fills in the rest. */
export interface Manifest {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** What is in an emulated cluster, by plural (`secrets`), namespace and name. */
export interface EmulatedObjects {
  get(plural: string, namespace: string, name: string): EmulatedObject | undefined;
  /** Sorted by name, as the server lists. */
  list(plural: string, namespace: string): readonly EmulatedObject[];
  /** Makes it, or puts it in the place of the old one; an object that is what it was keeps its version. */
  put(plural: string, manifest: Manifest): EmulatedObject;
  /** As it would be after `put`. */
  preview(plural: string, manifest: Manifest): EmulatedObject;
  delete(plural: string, namespace: string, name: string): void;
  /** Key (`secrets/shop/payments`) and object, sorted. */
  entries(): readonly (readonly [string, EmulatedObject])[];
}

export function createEmulatedObjects(): EmulatedObjects {
  const objects = new Map<string, EmulatedObject>();
  // Of etcd: one count for everything in the cluster.
  let revision = 1000;

  const preview = (plural: string, manifest: Manifest): EmulatedObject => {
    const { name, namespace } = manifest.metadata;
    const old = objects.get(keyOf(plural, namespace, name));
    const unchanged = old !== undefined && sameBut(old, manifest);
    const respecified = old !== undefined && !sameText(old['spec'], manifest['spec']);
    return {
      ...manifest,
      metadata: {
        ...manifest.metadata,
        name,
        namespace,
        uid: old?.metadata.uid ?? randomUUID(),
        resourceVersion: unchanged ? old.metadata.resourceVersion : String(revision + 1),
        generation: (old?.metadata.generation ?? 1) + (respecified ? 1 : 0),
        creationTimestamp: old?.metadata.creationTimestamp ?? new Date().toISOString().replace(/\.\d+/, ''),
      },
    };
  };

  return {
    get: (plural, namespace, name) => objects.get(keyOf(plural, namespace, name)),
    list: (plural, namespace) =>
      [...objects]
        .filter(([key]) => key.startsWith(`${plural}/${namespace}/`))
        .sort(byKey)
        .map(([, object]) => object),
    put: (plural, manifest) => {
      const object = preview(plural, manifest);
      if (object.metadata.resourceVersion === String(revision + 1)) revision += 1;
      objects.set(keyOf(plural, object.metadata.namespace, object.metadata.name), object);
      return object;
    },
    preview,
    delete: (plural, namespace, name) => {
      revision += 1;
      objects.delete(keyOf(plural, namespace, name));
    },
    entries: () => [...objects].sort(byKey),
  };
}

function keyOf(plural: string, namespace: string, name: string): string {
  return `${plural}/${namespace}/${name}`;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** Whether nothing would change but what the server keeps itself. */
function sameBut(old: EmulatedObject, next: Manifest): boolean {
  const plain = ({ metadata, ...rest }: Manifest): unknown => {
    const { uid: _u, resourceVersion: _r, generation: _g, creationTimestamp: _c, ...own } = metadata;
    return { ...rest, metadata: own };
  };
  return sameText(plain(old), plain(next));
}

function sameText(left: unknown, right: unknown): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sorted(child)]));
}
