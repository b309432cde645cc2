import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import { type Slot, type Store, type Version, WHOLE } from '../../core/plugins/store.ts';
import { serverFindings } from '../../lib/vault/server-findings.ts';
import { createSession } from '../../lib/vault/session.ts';
import { createVaultApi } from '../../lib/vault/vault-api.ts';
import { createVaultClient } from '../../lib/vault/vault-client.ts';
import { whoAmI } from '../../lib/vault/whoami.ts';
import { createSlotInspector } from './inspect-slot.ts';
import { type KvDocument, rawValues, storedSecret, withEntries } from './kv-document.ts';
import type { KvEngine } from './kv-engine.ts';
import { kvVersion1 } from './kv-v1.ts';
import { kvVersion2 } from './kv-v2.ts';
import { createLocator } from './mounts.ts';
import type { VaultOptions } from './options.ts';
import { createPreflight } from './preflight.ts';
import { createRecentDocuments } from './recent-documents.ts';
import { restoreSlot } from './restore-slot.ts';
import type { Location } from './secret-path.ts';

export async function openVaultStore(options: VaultOptions, ctx: OpenContext): Promise<Store> {
  const ca = options.ca === undefined ? undefined : (await ctx.resolve(options.ca)).reveal();
  const { name, timeoutMs, clock, resolve } = ctx;
  const client = createVaultClient({ ...options, name, timeoutMs, ca, namespace: options.namespace });
  const session = createSession(options.auth, { client, clock, timeoutMs, resolve });
  const api = createVaultApi(client, session);
  const locate = createLocator(api, name, options.mounts);
  const engines: Readonly<Record<1 | 2, KvEngine>> = { 1: kvVersion1(api), 2: kvVersion2(api) };
  const recent = createRecentDocuments();

  const place = (slot: Slot, call: CallContext): Promise<Location> => {
    if (slot.fields.length === 0 || slot.fields.includes(WHOLE)) throw fieldMissing(`${name}/${slot.ref}`);
    return locate(slot.ref, call);
  };

  /** What a write starts from: the last read when it was of this version and the server checks that it still is. */
  const baseOf = async (
    location: Location,
    expected: Version | undefined,
    call: CallContext,
  ): Promise<KvDocument> => {
    const engine = engines[location.kvVersion];
    if (expected === undefined) return engine.baseOfNew(location, call);
    const remembered = engine.cas ? recent.at(location.ref, expected) : undefined;
    const base = remembered ?? (await engine.read(location, call));
    if (base?.version !== expected) throw outOfDate(location, expected, base);
    return base;
  };

  return {
    whoami: (call) => whoAmI(client, session, call),
    preflight: createPreflight({
      connection: name,
      inspectServer: (call) => serverFindings(client, session, options.auth.method === 'token', call),
      inspectSlot: createSlotInspector({ api, locate, engines }),
    }),
    read: async (slot, call) => {
      const location = await place(slot, call);
      const document = await engines[location.kvVersion].read(location, call);
      if (document === undefined) return undefined;
      recent.keep(slot.ref, document);
      return storedSecret(slot, document);
    },
    write: async (slot, values, expected, call) => {
      const location = await place(slot, call);
      const base = await baseOf(location, expected, call);
      const entries = withEntries(base.entries, rawValues(values));
      const version = await engines[location.kvVersion].replace(location, entries, base, call);
      recent.forget(slot.ref, version);
      return { version };
    },
    restore: async (slot, restoration, call) => {
      const location = await place(slot, call);
      await restoreSlot(engines[location.kvVersion], location, slot, restoration, call);
    },
    close: async () => {
      await session.close();
      client.close();
    },
  };
}

function fieldMissing(subject: string): RotationError {
  return new RotationError('CONFIG_INVALID', {
    subject,
    reason: 'a secret in Vault is a map, so the target needs a `field`',
    hint: 'Name the key that holds the value, as in `vault kv get -field=api_key`.',
  });
}

function outOfDate(location: Location, expected: Version, base: KvDocument | undefined): RotationError {
  return new RotationError('CONFLICT', {
    subject: location.subject,
    action: 'write the secret',
    reason: `version ${expected} was read, and ${base === undefined ? 'the secret is gone' : `version ${base.version} is current`}`,
  });
}
