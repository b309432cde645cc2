import { randomBytes } from 'node:crypto';
import type { Fields } from '../../src/core/credential.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { placeOf } from '../../src/stores/jenkins/credential-place.ts';
import { type EmulatedClass, emulatedCredential } from '../../src/stores/jenkins/emulated-credentials.ts';
import { type JenkinsEmulator, startJenkinsEmulator } from '../../src/stores/jenkins/emulator.ts';
import { openJenkinsStore } from '../../src/stores/jenkins/jenkins-store.ts';
import { optionsSchema } from '../../src/stores/jenkins/options.ts';
import { writing } from './support/writes.ts';

export interface JenkinsRig {
  readonly emulator: JenkinsEmulator;
  readonly store: Store;
  readonly ctx: WriteContext;
  /** Another store on the same emulator. */
  open(options?: JsonObject): Promise<Store>;
  /** Puts a credential into Jenkins by hand. */
  have(ref: string, kind: EmulatedClass, values: Fields<string>): void;
  /** An element of a credential, in plain. */
  held(ref: string, element: string): string | undefined;
  /** `GET /path` of all requests so far, without the context path. */
  requests(): readonly string[];
  close(): Promise<void>;
}

export async function openJenkinsRig(): Promise<JenkinsRig> {
  const emulator = await startJenkinsEmulator();
  const opened: Store[] = [];
  const nobody = (): Promise<never> => Promise.reject(new Error('this store never asks a person'));
  const open = async (options: JsonObject = {}): Promise<Store> => {
    const store = await openJenkinsStore(optionsSchema.parse(emulator.options(options)), {
      name: 'ci',
      baseDir: '/nowhere',
      clock: systemClock,
      timeoutMs: 5000,
      resolve: async (reference) => new Secret(emulator.resolve(reference) ?? ''),
      operator: { provideCredential: nobody, confirmDone: nobody },
    });
    opened.push(store);
    return store;
  };
  return {
    emulator,
    store: await open(),
    ctx: writing(),
    open,
    have: (ref, kind, values) => {
      const { path, id } = placeOf(ref, 'test');
      emulator.credentials.set(path, emulatedCredential(kind, id, values));
    },
    held: (ref, element) => emulator.credentials.get(placeOf(ref, 'test').path)?.elements.get(element),
    requests: () =>
      emulator.server.requests.map(({ method, url }) => `${method} ${url.replace('/jenkins', '')}`),
    close: async () => {
      for (const store of opened) await store.close?.();
      await emulator.stop();
    },
  };
}

export function slotOf(ref: string, ...fields: string[]): Slot {
  return { ref, fields };
}

export function freshValue(): string {
  return `value-${randomBytes(12).toString('hex')}`;
}
