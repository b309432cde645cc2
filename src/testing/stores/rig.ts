import { randomUUID } from 'node:crypto';
import type { Fields } from '../../core/credential.ts';
import type { ErrorCode } from '../../core/errors/codes.ts';
import type { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Fault, StoreEmulator } from '../../core/plugins/emulator.ts';
import type { StorePlugin } from '../../core/plugins/plugin.ts';
import type { Slot, Store, StoredSecret, WriteContext, WriteReceipt } from '../../core/plugins/store.ts';
import { Secret } from '../../core/secret.ts';
import { systemClock } from '../../lib/clock.ts';
import { createLeakDetector, type LeakDetector } from '../leaks.ts';
import { openOnEmulator } from '../open-on-emulator.ts';
import { refusalOf } from '../refusal-of.ts';
import { plainValue } from '../sample-values.ts';

/** A seeded slot, and what the store said of it before anything was written. */
export interface Place {
  readonly slot: Slot;
  readonly old: Fields<string>;
  readonly before: StoredSecret | undefined;
  readonly neighbours: string;
}

/** A finished push. */
export interface Push {
  readonly values: Fields<string>;
  readonly pushed: Fields<Secret>;
  readonly receipt: WriteReceipt;
}

/** One store on one emulator of its own. Everything it throws or gives back is searched for plaintext. */
export interface StoreRig {
  readonly store: Store;
  readonly emulator: StoreEmulator;
  readonly leaks: LeakDetector;
  readonly call: CallContext;
  /** As the engine gives it: another token for each push. */
  writing(): WriteContext;
  /** Breaks every matching request from now on, or the next `times`; resolves when the first was broken. */
  breakWire(fault: Fault): Promise<void>;
  seeded(fields?: readonly string[]): Promise<Place>;
  values(slot: Slot, make?: () => string): Fields<string>;
  push(place: Place, values?: Fields<string>): Promise<Push>;
  /** The error of a call that must fail with one of the codes. */
  refusal(attempt: Promise<unknown>, ...codes: ErrorCode[]): Promise<RotationError>;
  close(): Promise<void>;
}

export const ONE_FIELD = ['API_KEY'] as const;
export const TWO_FIELDS = ['API_KEY', 'API_SECRET'] as const;

export async function openRig(plugin: StorePlugin, timeoutMs = 20_000): Promise<StoreRig> {
  const emulator = await (await plugin.emulator())();
  const leaks = createLeakDetector();
  const store = await openOnEmulator(plugin, emulator, { leaks, clock: systemClock, timeoutMs });
  const call: CallContext = { signal: new AbortController().signal };
  const writing = (): WriteContext => ({
    ...call,
    idempotencyToken: randomUUID(),
    rotationId: 'rot-conformance',
  });
  const values = (slot: Slot, make = plainValue): Fields<string> =>
    Object.fromEntries(slot.fields.map((field) => [field, leaks.watch(make())]));

  return {
    store,
    emulator,
    leaks,
    call,
    writing,
    values,
    breakWire: async (fault) => emulator.inject?.({ times: 100, ...fault }),
    seeded: async (fields = ONE_FIELD) => {
      const wanted = emulator.sampleSlot('conformance', fields);
      const old = values(wanted);
      const slot = await emulator.seed(wanted, old);
      const before = await store.read(slot, call);
      return { slot, old, before, neighbours: await emulator.neighbours(slot) };
    },
    push: async (place, next = values(place.slot)) => {
      const pushed = secrets(next);
      const receipt = await store.write(place.slot, pushed, place.before?.version, writing());
      leaks.expectClean(receipt);
      return { values: next, pushed, receipt };
    },
    refusal: (attempt, ...codes) => refusalOf(attempt, leaks, codes),
    close: async () => {
      await store.close?.();
      await emulator.stop();
    },
  };
}

export function secrets(values: Fields<string>): Fields<Secret> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));
}

export function revealed(fields: Fields<Secret> | undefined): Fields<string> {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, secret]) => [name, secret.reveal()]));
}
