import { randomBytes } from 'node:crypto';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { Slot } from '../../core/plugins/store.ts';
import { type EmulatedGithub, startEmulatedGithub } from '../../lib/github/emulator/emulated-github.ts';
import { createEmulatedBoxes, type EmulatedBoxes } from './emulated-boxes.ts';
import { route } from './emulated-routes.ts';
import { createEmulatedPlaces, type EmulatedSecret } from './emulated-secrets.ts';
import { type Scope, scopeOf } from './scope.ts';
import { storedName } from './secret-name.ts';

export interface GithubActionsEmulator extends StoreEmulator {
  readonly github: EmulatedGithub;
  readonly places: ReturnType<typeof createEmulatedPlaces>;
  readonly boxes: EmulatedBoxes;
  /** API paths (`/repos/acme/shop`) of repositories that are read-only. */
  readonly archived: Set<string>;
  /** API paths that are answered with 403. */
  readonly forbidden: Set<string>;
}

/** Repositories that may use a seeded secret of an organisation: more than fit on one page. */
const SELECTED = Array.from({ length: 130 }, (_, index) => 1_000 + index);

/** Secrets of GitHub; it opens the sealed boxes, so that what arrived can be seen. */
export async function startGithubActionsEmulator(): Promise<GithubActionsEmulator> {
  const places = createEmulatedPlaces();
  const boxes = await createEmulatedBoxes();
  const archived = new Set<string>();
  const forbidden = new Set<string>();
  let effects = 0;
  const github = await startEmulatedGithub({
    isWrite: ({ method }) => method === 'PUT',
    route: (call) => {
      const written = (): void => {
        effects += 1;
      };
      return route({ places, boxes, archived, forbidden, clock: github.clock, written }, call);
    },
  });

  const set = (scope: Scope, field: string, value: string): void => {
    const name = storedName(field);
    const { secrets } = places.make(scope.path);
    const before = secrets.get(name);
    const fresh: EmulatedSecret = {
      createdAt: github.clock.stamp(),
      ...accessFor(scope),
      ...before,
      value,
      updatedAt: github.clock.stamp(),
    };
    secrets.set(name, fresh);
  };

  return {
    github,
    places,
    boxes,
    archived,
    forbidden,
    options: github.connection,
    resolve: github.resolve,
    inject: (fault) => github.server.inject(fault),
    effects: () => effects,
    stop: () => github.server.stop(),
    sampleSlot: (name, fields) => ({ ref: `acme/${name}`, fields: [...fields] }),
    seed: async (slot, values) => {
      const scope = scopeOf(slot.ref, slot.ref);
      // The secrets of the repository are there as soon as it is, whichever of its secrets a slot means.
      if (scope.kind !== 'organization') places.make(`${scope.home}/actions`);
      for (const field of slot.fields) set(scope, field, values[field] ?? '');
      set(scope, `BESIDE_${storedName(slot.fields[0] ?? '')}`, randomBytes(12).toString('hex'));
      places.make(scope.path).variables.set('REGION', 'eu-central-1');
      return slot;
    },
    peek: async (slot) => {
      const found = secretsOf(places, slot);
      return found.length === 0 ? undefined : Object.fromEntries(found);
    },
    neighbours: async (slot) =>
      places.except(scopeOf(slot.ref, slot.ref).path, new Set(slot.fields.map(storedName))),
    overwrite: async (slot, values) => {
      github.clock.tick();
      for (const field of slot.fields) {
        const value = values[field];
        if (value !== undefined) set(scopeOf(slot.ref, slot.ref), field, value);
      }
    },
  };
}

function accessFor({ kind }: Scope): Pick<EmulatedSecret, 'visibility' | 'selected'> {
  return kind === 'organization' ? { visibility: 'selected', selected: SELECTED } : {};
}

function secretsOf(places: GithubActionsEmulator['places'], slot: Slot): (readonly [string, string])[] {
  const { secrets } = places.find(scopeOf(slot.ref, slot.ref).path) ?? { secrets: new Map() };
  return slot.fields.flatMap((field) => {
    const secret = secrets.get(storedName(field)) as EmulatedSecret | undefined;
    return secret === undefined ? [] : [[field, secret.value] as const];
  });
}
