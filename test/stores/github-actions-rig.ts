import { randomBytes } from 'node:crypto';
import type { Fields } from '../../src/core/credential.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import {
  type GithubActionsEmulator,
  startGithubActionsEmulator,
} from '../../src/stores/github-actions/emulator.ts';
import { openGithubActionsStore } from '../../src/stores/github-actions/github-actions-store.ts';
import { optionsSchema } from '../../src/stores/github-actions/options.ts';
import { type InstantClock, instantClock } from '../../src/testing/instant-clock.ts';
import { writing } from './support/writes.ts';

export interface GithubActionsRig {
  readonly emulator: GithubActionsEmulator;
  readonly clock: InstantClock;
  readonly store: Store;
  readonly ctx: WriteContext;
  /** Another store on the same emulator, with the user's own options. */
  open(options?: JsonObject): Promise<Store>;
  /** Requests so far, `GET /repos/acme/shop`, of which the text begins so. */
  requests(start: string): readonly string[];
  /** Body of the last PUT. */
  lastPut(): JsonObject;
  close(): Promise<void>;
}

export async function openGithubActionsRig(): Promise<GithubActionsRig> {
  const emulator = await startGithubActionsEmulator();
  const clock = instantClock();
  const opened: Store[] = [];
  const open = async (options: JsonObject = {}): Promise<Store> => {
    const store = await openGithubActionsStore(optionsSchema.parse(emulator.options(options)), {
      name: 'github',
      baseDir: '/nowhere',
      clock,
      timeoutMs: 5000,
      resolve: async (reference) => new Secret(emulator.resolve(reference) ?? ''),
      operator: { provideCredential: nobody, confirmDone: nobody },
    });
    opened.push(store);
    return store;
  };
  const all = () =>
    emulator.github.server.requests.map(({ method, url, body }) => ({
      line: `${method} ${url.replace('/api/v3', '')}`,
      body,
    }));
  return {
    emulator,
    clock,
    store: await open(),
    ctx: writing(),
    open,
    requests: (start) =>
      all()
        .map(({ line }) => line)
        .filter((line) => line.startsWith(start)),
    lastPut: () =>
      JSON.parse(
        all()
          .filter(({ line }) => line.startsWith('PUT'))
          .at(-1)?.body ?? '{}',
      ) as JsonObject,
    close: async () => {
      for (const store of opened) await store.close?.();
      await emulator.stop();
    },
  };
}

export function freshValues(slot: Slot): Fields<string> {
  return Object.fromEntries(slot.fields.map((field) => [field, `value-${randomBytes(12).toString('hex')}`]));
}

async function nobody(): Promise<never> {
  throw new Error('this store never asks a person');
}
