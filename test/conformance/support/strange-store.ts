import { randomUUID } from 'node:crypto';
import type { Fields } from '../../../src/core/credential.ts';
import type { StoreEmulator } from '../../../src/core/plugins/emulator.ts';
import type { StorePlugin } from '../../../src/core/plugins/plugin.ts';
import type { Slot, Store, StoredSecret, WriteContext } from '../../../src/core/plugins/store.ts';
import { Secret } from '../../../src/core/secret.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { openOnEmulator } from '../../../src/testing/open-on-emulator.ts';
import { plainValue } from '../../../src/testing/sample-values.ts';
import type { AlteringProxy } from './altering-proxy.ts';
import type { Through } from './strange-answers.ts';

export const FIELD = 'API_KEY';

/** A slot with a value in it, on an emulator behind a proxy. */
export interface Place {
  readonly emulator: StoreEmulator;
  readonly through: Through;
  readonly slot: Slot;
  readonly old: Fields<string>;
}

/** A store that has looked at its slot. */
export interface StrangeStore extends Place {
  readonly proxy: AlteringProxy;
  readonly store: Store;
  readonly before: StoredSecret | undefined;
  readonly next: Fields<string>;
  close(): Promise<void>;
}

export const writing = (): WriteContext => ({
  signal: new AbortController().signal,
  idempotencyToken: randomUUID(),
  rotationId: 'rot-strange',
});

export async function placeOn(started: Pick<Place, 'emulator' | 'through'>): Promise<Place> {
  const wanted = started.emulator.sampleSlot('strange', [FIELD]);
  const old = valuesFor(wanted);
  return { ...started, slot: await started.emulator.seed(wanted, old), old };
}

export async function openAt(plugin: StorePlugin, place: Place): Promise<StrangeStore> {
  const store = await openOnEmulator(plugin, place.through, { clock: systemClock });
  const before = await store.read(place.slot, writing());
  const close = async (): Promise<void> => store.close?.();
  return { ...place, proxy: place.through.proxy, store, before, next: valuesFor(place.slot), close };
}

export function secrets(values: Fields<string>): Fields<Secret> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, new Secret(value)]));
}

function valuesFor({ fields }: Slot): Fields<string> {
  return Object.fromEntries(fields.map((field) => [field, plainValue()]));
}
