import type { Fields } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { Slot } from '../../core/plugins/store.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  type LoopbackServer,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';
import { failed } from '../../lib/vault/emulator/answers.ts';
import { createLogins } from '../../lib/vault/emulator/logins.ts';
import type { ServerState } from '../../lib/vault/emulator/system.ts';
import { createTokens, type EmulatedTokens } from '../../lib/vault/emulator/tokens.ts';
import type { EmulatedMount } from './emulated-mount.ts';
import { createMounts, type EmulatedMounts } from './emulated-mounts.ts';
import { isKvWrite, type Routes, route } from './emulated-routes.ts';
import { joinObject, type RawObject } from './raw-object.ts';

export interface VaultEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  readonly state: ServerState;
  readonly tokens: EmulatedTokens;
  /** Mounts of the namespace that the last `options()` named. */
  mounts(): EmulatedMounts;
  /** The mount a slot is on. */
  kvOf(slot: Slot): EmulatedMount;
  /** Values as JSON text, and nothing beside them. */
  seedRaw(slot: Slot, values: Fields<string>): void;
  /** Somebody deletes the secret: on version 2, softly, its current version. */
  deleteCurrent(slot: Slot): void;
}

/** A Vault with `secret/` (KV version 2) and `kv1/` (version 1). `now` decides when leases and versions end. */
export async function startVaultEmulator(now: () => number = Date.now): Promise<VaultEmulator> {
  const tokens = createTokens(now);
  const logins = createLogins(tokens);
  const state: ServerState = {
    sealed: false,
    healthStatus: 200,
    activeNode: undefined,
    policy: undefined,
    defaultPolicy: true,
    walIndex: undefined,
  };
  const namespaces = new Map<string, EmulatedMounts>([['', createMounts(now)]]);
  const routes: Routes = { state, tokens, logins, namespaces };
  let namespace = '';
  let effects = 0;

  const server = await startLoopbackServer({
    isWrite: isKvWrite,
    handle: (request: EmulatedRequest): EmulatedAnswer => {
      const answer = route(request, routes);
      if (!isKvWrite(request) || answer.status >= 300) return answer;
      effects += 1;
      const { walIndex } = state;
      return walIndex === undefined
        ? answer
        : { ...answer, headers: { ...answer.headers, 'x-vault-index': walIndex } };
    },
    errorBody: (status) => ({ body: failed(status, ...(WORDS[status] ?? [])).body ?? '' }),
  });

  /** A namespace is there once `options()` has named it. */
  const mounts = (): EmulatedMounts => {
    const found = namespaces.get(namespace) ?? createMounts(now);
    namespaces.set(namespace, found);
    return found;
  };
  /** The mount of a slot, made on demand as its name says: version 1 below `kv1/`, else version 2. */
  const placeOf = (
    slot: Slot,
  ): { readonly kv: EmulatedMount; readonly path: string; readonly entries: RawObject } => {
    const first = slot.ref.slice(0, slot.ref.indexOf('/'));
    if (mounts().find(slot.ref) === undefined) mounts().add(first, 'kv-v2');
    const found = mounts().find(slot.ref);
    if (found?.kv === undefined) throw new Error(`${slot.ref} is not on a key-value mount`);
    return { kv: found.kv, path: found.rest, entries: found.kv.entriesAt(found.rest) ?? new Map() };
  };
  const put = (slot: Slot, beside: Fields<string>, values: Fields<string>): void => {
    const { kv, path, entries } = placeOf(slot);
    const ours = Object.entries(values).map(([field, value]) => [field, JSON.stringify(value)] as const);
    kv.put(path, new Map([...Object.entries(beside), ...entries, ...ours]));
  };

  return {
    server,
    state,
    tokens,
    mounts,
    kvOf: (slot) => placeOf(slot).kv,
    seedRaw: (slot, values) => {
      const { kv, path } = placeOf(slot);
      kv.put(path, new Map(Object.entries(values)));
    },
    deleteCurrent: (slot) => {
      const { kv, path } = placeOf(slot);
      kv.remove(path);
    },
    options: (original: JsonObject = {}) => {
      const { namespace: wanted, mounts: overrides, auth } = original;
      namespace = typeof wanted === 'string' ? wanted.replace(/^\/+|\/+$/g, '') : '';
      const { find, add } = mounts();
      for (const [at, version] of Object.entries((overrides ?? {}) as JsonObject)) {
        if (find(at) === undefined) add(at, version === 1 ? 'kv-v1' : 'kv-v2');
      }
      return {
        address: server.url,
        ...(wanted === undefined ? {} : { namespace: wanted }),
        ...(overrides === undefined ? {} : { mounts: overrides }),
        auth: logins.optionsLike(auth as JsonObject | undefined),
      };
    },
    resolve: logins.resolve,
    inject: server.inject,
    effects: () => effects,
    stop: server.stop,
    sampleSlot: (name, fields) => ({
      ref: `secret/apps/${name}`,
      fields: fields.filter((field) => field !== ''),
    }),
    seed: async (slot, values) => {
      put(slot, NEIGHBOURS, values);
      return slot;
    },
    overwrite: async (slot, values) => put(slot, {}, values),
    peek: async (slot) => {
      const { entries } = placeOf(slot);
      const present = slot.fields.flatMap((field) => {
        const raw = entries.get(field);
        return raw === undefined ? [] : [[field, String(JSON.parse(raw))] as const];
      });
      return present.length === 0 ? undefined : Object.fromEntries(present);
    },
    neighbours: async (slot) => {
      const home = placeOf(slot);
      const everything = mounts()
        .all()
        .flatMap(([at, kv]) =>
          kv.paths().map((path) => {
            const entries = new Map(kv.entriesAt(path) ?? []);
            if (kv === home.kv && path === home.path) for (const field of slot.fields) entries.delete(field);
            return `${at}/${path} ${joinObject(new Map([...entries].sort()))}`;
          }),
        );
      return everything.sort().join('\n');
    },
  };
}

/** As JSON text: what a careless client damages. */
const NEIGHBOURS: Fields<string> = {
  endpoint: '"https://api.example.com/?a=1&b=<2>"',
  attempts: '3',
  ratio: '1.5e-7',
  tags: '{"team":["a","b"],"on":true,"nothing":null}',
};

const WORDS: Readonly<Record<number, readonly string[]>> = {
  400: ['invalid request'],
  403: ['permission denied'],
  412: ['required index state not present'],
  429: ['request path "secret/data/apps": rate limit quota exceeded'],
  500: ['1 error occurred:\n\t* internal error\n\n'],
  503: ['Vault is sealed'],
};
