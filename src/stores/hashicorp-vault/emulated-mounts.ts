import { createKvV1 } from './emulated-kv-v1.ts';
import { createKvV2 } from './emulated-kv-v2.ts';
import type { EmulatedMount } from './emulated-mount.ts';

export interface Mounted {
  /** Without slashes at its ends. */
  readonly at: string;
  /** Undefined for a mount that is not of the key-value engine. */
  readonly kv: EmulatedMount | undefined;
  readonly type: string;
  /** Relative to the mount. */
  readonly rest: string;
}

/** The mounts of one namespace. */
export interface EmulatedMounts {
  add(at: string, type: 'kv-v1' | 'kv-v2' | 'transit'): void;
  find(path: string): Mounted | undefined;
  all(): readonly (readonly [string, EmulatedMount])[];
}

/** Begins with `secret/` (version 2) and `kv1/` (version 1). */
export function createMounts(now: () => number): EmulatedMounts {
  const mounts = new Map<string, { readonly type: string; readonly kv: EmulatedMount | undefined }>();
  const add: EmulatedMounts['add'] = (at, type) => {
    const kv = { 'kv-v1': createKvV1, 'kv-v2': () => createKvV2(now), transit: () => undefined }[type]();
    mounts.set(at, { type: kv === undefined ? type : 'kv', kv });
  };
  add('secret', 'kv-v2');
  add('kv1', 'kv-v1');
  return {
    add,
    find: (path) => {
      for (const [at, mount] of mounts) {
        if (path === at || path.startsWith(`${at}/`)) {
          return { at, ...mount, rest: path.slice(at.length + 1) };
        }
      }
      return undefined;
    },
    all: () => [...mounts].flatMap(([at, { kv }]) => (kv === undefined ? [] : [[at, kv] as const])),
  };
}
