import { randomBytes, randomUUID } from 'node:crypto';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { Slot } from '../../core/plugins/store.ts';
import { EMULATED_TOKEN } from '../../lib/circleci/emulator/answers.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { createEmulatedPlaces, type EmulatedPlace, type EmulatedPlaces } from './emulated-places.ts';
import { circleciService } from './emulated-routes.ts';
import { placeOf } from './place.ts';

const ORGANIZATION = 'gh/acme';

/** A CircleCI on this machine, and the hands of its users. */
export interface CircleciEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  readonly places: EmulatedPlaces;
  /** From now on it tells no times of the variables of contexts, as older servers. */
  withoutTimes(): void;
}

export async function startCircleciEmulator(): Promise<CircleciEmulator> {
  const places = createEmulatedPlaces();
  const token = ['CCI', 'PAT_', randomBytes(24).toString('hex')].join('');
  let organization = ORGANIZATION;
  let effects = 0;
  let silent = false;
  const server = await startLoopbackServer(
    circleciService({
      places,
      token,
      user: { id: randomUUID(), login: 'rotation-robot' },
      organization: () => organization,
      silent: () => silent,
      written: () => {
        effects += 1;
      },
    }),
  );

  return {
    server,
    places,
    withoutTimes: () => {
      silent = true;
    },
    options: (original = {}) => {
      const theirs = original['organization'];
      organization = typeof theirs === 'string' ? theirs : ORGANIZATION;
      return { address: server.url, token: EMULATED_TOKEN, organization };
    },
    resolve: (reference) => (reference === EMULATED_TOKEN ? token : undefined),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: server.stop,
    sampleSlot: (name, fields) => ({ ref: `projects/gh/acme/${name}`, fields }),
    seed: async (slot, values) => {
      const place = placeFor(places, slot) ?? makePlace(places, slot);
      // Two before and two behind, so that a list has several pages.
      for (const name of ['BEFORE_1', 'BEFORE_2']) places.set(place, name, randomBytes(12).toString('hex'));
      for (const field of slot.fields) places.set(place, field, values[field] ?? '');
      for (const name of ['BEHIND_1', 'BEHIND_2']) places.set(place, name, randomBytes(12).toString('hex'));
      return slot;
    },
    peek: async (slot) => {
      const variables = placeFor(places, slot)?.variables;
      const found = slot.fields.flatMap((field) => {
        const value = variables?.get(field)?.value;
        return value === undefined ? [] : [[field, value] as const];
      });
      return found.length === 0 ? undefined : Object.fromEntries(found);
    },
    neighbours: async (slot) => places.except(placeFor(places, slot), slot.fields),
    overwrite: async (slot, values) => {
      const place = placeFor(places, slot) ?? makePlace(places, slot);
      for (const [field, value] of Object.entries(values)) places.set(place, field, value);
    },
  };
}

function placeFor(places: EmulatedPlaces, { ref }: Slot): EmulatedPlace | undefined {
  const place = placeOf(ref, 'emulator');
  if (place.kind === 'named-context') return places.named(place.name);
  return place.kind === 'context' ? places.find('context', place.id) : places.find('project', place.slug);
}

function makePlace(places: EmulatedPlaces, { ref }: Slot): EmulatedPlace {
  const place = placeOf(ref, 'emulator');
  if (place.kind === 'project') return places.make('project', place.slug, place.slug);
  return place.kind === 'context'
    ? places.make('context', place.id, place.id)
    : places.make('context', '', place.name);
}
