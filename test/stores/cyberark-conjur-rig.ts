import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../src/core/clock.ts';
import type { Fields } from '../../src/core/credential.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store, StoredSecret, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { openConjurStore } from '../../src/stores/cyberark-conjur/cyberark-conjur-store.ts';
import { type ConjurEmulator, startConjurEmulator } from '../../src/stores/cyberark-conjur/emulator.ts';
import { optionsSchema } from '../../src/stores/cyberark-conjur/options.ts';

/** A clock that stands still until it is moved; a sleep moves it. */
export interface FakeClock extends Clock {
  readonly sleeps: readonly number[];
  advance(ms: number): void;
}

export interface ConjurRig {
  readonly emulator: ConjurEmulator;
  readonly clock: FakeClock;
  readonly store: Store;
  readonly ctx: WriteContext;
  /** Another store on the same emulator. */
  open(options?: JsonObject): Promise<Store>;
  /** Requests so far whose method and path begin so: `POST /authn/`. */
  count(start: string): number;
  close(): Promise<void>;
}

export const ONE: Slot = { ref: 'apps/checkout/api-key', fields: [''] };
export const PAIR: Slot = { ref: 'apps/checkout/aws', fields: ['id', 'secret'] };

export async function openConjurRig(): Promise<ConjurRig> {
  const emulator = await startConjurEmulator();
  const clock = fakeClock();
  const opened: Store[] = [];
  const open = async (options: JsonObject = {}): Promise<Store> => {
    const store = await openConjurStore(optionsSchema.parse({ ...emulator.options(options), ...options }), {
      name: 'conjur-prod',
      baseDir: '/nowhere',
      clock,
      timeoutMs: 5000,
      resolve: async (reference) => new Secret(emulator.resolve(reference) ?? ''),
      operator: { provideCredential: nobody, confirmDone: nobody },
    });
    opened.push(store);
    return store;
  };
  return {
    emulator,
    clock,
    store: await open(),
    ctx: { signal: new AbortController().signal, idempotencyToken: randomUUID(), rotationId: 'rot-1' },
    open,
    count: (start) =>
      emulator.server.requests.filter(({ method, url }) => `${method} ${url}`.startsWith(start)).length,
    close: async () => {
      for (const store of opened) await store.close?.();
      await emulator.stop();
    },
  };
}

/** Values that no other test has, one for each field. */
export function freshValues(slot: Slot): Fields<string> {
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

/** The error a promise ends with. */
export async function failure(attempt: Promise<unknown>): Promise<RotationError> {
  const outcome = await attempt.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  if (outcome instanceof RotationError) return outcome;
  throw new Error(`expected a RotationError, but: ${String(outcome)}`);
}

function fakeClock(): FakeClock {
  let now = Date.parse('2025-06-01T12:00:00Z');
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms) => {
      sleeps.push(ms);
      now += ms;
    },
  };
}

async function nobody(): Promise<never> {
  throw new Error('this store never asks a person');
}
