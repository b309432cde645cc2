import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../src/core/clock.ts';
import type { Fields } from '../../src/core/credential.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Restoration, Slot, Store, StoredSecret, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import type { EmulatedRequest } from '../../src/lib/emulator/loopback-server.ts';
import { startVaultEmulator, type VaultEmulator } from '../../src/stores/hashicorp-vault/emulator.ts';
import { openVaultStore } from '../../src/stores/hashicorp-vault/hashicorp-vault-store.ts';
import { optionsSchema } from '../../src/stores/hashicorp-vault/options.ts';

export interface VaultRig {
  readonly emulator: VaultEmulator;
  readonly store: Store;
  readonly ctx: WriteContext;
  /** Moves the clock that leases, versions and the store go by. */
  advance(ms: number): void;
  /** Another store on the same emulator; options may come from elsewhere than the emulator. */
  open(original?: JsonObject, resolve?: (reference: string) => string | undefined): Promise<Store>;
  /** Requests since the last call, as `METHOD path`. */
  traffic(): string[];
  lastRequest(): EmulatedRequest;
  close(): Promise<void>;
}

export const SLOT: Slot = { ref: 'secret/apps/ci', fields: ['api_key'] };
export const V1_SLOT: Slot = { ref: 'kv1/apps/ci', fields: ['api_key'] };

export async function openVaultRig(): Promise<VaultRig> {
  let now = Date.parse('2026-03-01T12:00:00Z');
  const emulator = await startVaultEmulator(() => now);
  const clock: Clock = { now: () => now, sleep: () => Promise.reject(new Error('a store never sleeps')) };
  const opened: Store[] = [];
  let seen = 0;
  const open: VaultRig['open'] = async (original = {}, resolve = emulator.resolve) => {
    const store = await openVaultStore(optionsSchema.parse(emulator.options(original)), {
      name: 'vault-prod',
      baseDir: '/nowhere',
      clock,
      timeoutMs: 5000,
      resolve: async (reference) => new Secret(resolve(reference) ?? 'unknown'),
      operator: { provideCredential: nobody, confirmDone: nobody },
    });
    opened.push(store);
    return store;
  };
  return {
    emulator,
    store: await open(),
    ctx: { signal: new AbortController().signal, idempotencyToken: randomUUID(), rotationId: 'rot-1' },
    open,
    advance: (ms) => {
      now += ms;
    },
    traffic: () => {
      const fresh = emulator.server.requests.slice(seen);
      seen += fresh.length;
      return fresh.map(({ method, url }) => `${method} ${url.replace(/^\/v1/, '')}`);
    },
    lastRequest: () => {
      const request = emulator.server.requests.at(-1);
      if (request === undefined) throw new Error('nothing was asked');
      return request;
    },
    close: async () => {
      for (const store of opened) await store.close?.();
      await emulator.stop();
    },
  };
}

export function fresh(slot: Slot): Fields<string> {
  return Object.fromEntries(slot.fields.map((field) => [field, `value-${randomBytes(12).toString('hex')}`]));
}

export function secrets(values: Fields<string>): Fields<Secret> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, new Secret(value)]));
}

export function revealed(stored: StoredSecret | undefined): Fields<string> {
  return Object.fromEntries(
    Object.entries(stored?.fields ?? {}).map(([field, secret]) => [field, secret.reveal()]),
  );
}

/** Seeds, reads and pushes a slot; gives what a rollback is given, with the old values only where they were sealed. */
export async function pushed(
  rig: VaultRig,
  slot: Slot,
  sealed: boolean,
  store = rig.store,
): Promise<{
  readonly old: Fields<string>;
  readonly next: Fields<string>;
  readonly restoration: Restoration;
}> {
  const old = fresh(slot);
  if ((await rig.emulator.peek(slot)) === undefined) await rig.emulator.seed(slot, old);
  const before = await store.read(slot, rig.ctx);
  const next = fresh(slot);
  const receipt = await store.write(slot, secrets(next), before?.version, rig.ctx);
  return {
    old: revealed(before),
    next,
    restoration: {
      before: before?.version,
      values: sealed ? before?.fields : undefined,
      receipt,
      pushed: secrets(next),
    },
  };
}

/** The error a promise ends with. */
export async function failure(attempt: Promise<unknown>): Promise<RotationError> {
  const outcome = await attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof RotationError) return outcome;
  throw new Error(`expected a RotationError, got ${String(outcome)}`);
}

const nobody = (): Promise<never> => Promise.reject(new Error('a store asks nobody'));
