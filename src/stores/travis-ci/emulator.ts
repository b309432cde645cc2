import { randomBytes } from 'node:crypto';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { Slot } from '../../core/plugins/store.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import {
  createEmulatedRepositories,
  type EmulatedRepositories,
  type EmulatedVar,
  seenByBuild,
} from './emulated-repositories.ts';
import { travisService } from './emulated-routes.ts';

const TOKEN = 'env:TRAVIS_EMULATOR_TOKEN';

/** A Travis CI on this machine, and the hands of its users. */
export interface TravisEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  readonly repositories: EmulatedRepositories;
  /** Takes the right to write away. */
  makeReadOnly(): void;
}

export async function startTravisEmulator(): Promise<TravisEmulator> {
  const repositories = createEmulatedRepositories();
  const token = randomBytes(16).toString('base64url');
  let effects = 0;
  let writable = true;

  const server = await startLoopbackServer(
    travisService({
      repositories,
      token,
      writable: () => writable,
      written: () => {
        effects += 1;
      },
    }),
  );

  return {
    server,
    repositories,
    makeReadOnly: () => {
      writable = false;
    },
    options: ({ shown } = {}) => ({
      address: server.url,
      token: TOKEN,
      ...(shown === undefined ? {} : { shown }),
    }),
    resolve: (reference) => (reference === TOKEN ? token : undefined),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: server.stop,
    sampleSlot: (name, fields) => ({ ref: `acme/${name}`, fields }),
    seed: async (slot, values) => {
      const repository = repositories.find(slot.ref) ?? repositories.make(slot.ref);
      repositories.add(repository, { name: 'SHOWN', value: 'to everybody', public: true, branch: null });
      for (const field of slot.fields)
        repositories.add(repository, { ...named(field), value: values[field] ?? '', public: false });
      repositories.add(repository, {
        name: 'BESIDE',
        value: randomBytes(9).toString('hex'),
        public: false,
        branch: 'main',
      });
      return slot;
    },
    peek: async (slot) => {
      const found = slot.fields.flatMap((field) => {
        const held = heldBy(repositories, slot, field);
        return held === undefined ? [] : [[field, seenByBuild(held.value)] as const];
      });
      return found.length === 0 ? undefined : Object.fromEntries(found);
    },
    neighbours: async (slot) => {
      const ours = new Set(slot.fields.map((field) => heldBy(repositories, slot, field)?.id));
      const others = repositories.find(slot.ref)?.vars.filter(({ id }) => !ours.has(id)) ?? [];
      return JSON.stringify([...others].sort((a, b) => (a.id < b.id ? -1 : 1)));
    },
    overwrite: async (slot, values) => {
      const repository = repositories.find(slot.ref);
      for (const [field, value] of Object.entries(values)) {
        const held = heldBy(repositories, slot, field);
        if (repository !== undefined && held !== undefined)
          repositories.replace(repository, { ...held, value });
      }
    },
  };
}

/** `NAME`, `NAME@branch`, `NAME@*`. */
function named(field: string): { readonly name: string; readonly branch: string | null } {
  const [name = '', ...branch] = field.split('@');
  return { name, branch: branch.length === 0 || branch[0] === '*' ? null : branch.join('@') };
}

function heldBy(repositories: EmulatedRepositories, slot: Slot, field: string): EmulatedVar | undefined {
  const { name, branch } = named(field);
  const candidates = repositories.find(slot.ref)?.vars.filter((each) => each.name === name) ?? [];
  return field.includes('@') ? candidates.find((each) => each.branch === branch) : candidates[0];
}
