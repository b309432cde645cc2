import { randomBytes, randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import {
  type GoogleSecretEmulator,
  startGoogleSecretEmulator,
} from '../../src/stores/gcp-secret-manager/emulator.ts';
import { openGoogleSecretStore } from '../../src/stores/gcp-secret-manager/gcp-secret-manager-store.ts';
import { optionsSchema } from '../../src/stores/gcp-secret-manager/options.ts';

/** The store on its emulator. */
export interface Rig {
  readonly emulator: GoogleSecretEmulator;
  readonly store: Store;
  readonly signal: AbortSignal;
  writing(): WriteContext;
  seeded(ref: string, field?: string): Promise<Slot>;
  close(): Promise<void>;
}

export const OLD = fresh();

export function fresh(): Secret {
  return new Secret(`kt-${randomBytes(18).toString('base64url')}`);
}

interface Surroundings {
  /** Put over the emulator's own. */
  readonly overrides?: JsonObject;
  readonly references?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export async function openRig(options: JsonObject = {}, surroundings: Surroundings = {}): Promise<Rig> {
  const { overrides = {}, references = {}, timeoutMs = 20_000 } = surroundings;
  const emulator = await startGoogleSecretEmulator();
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody is there'));
  const store = await openGoogleSecretStore(
    optionsSchema.parse({ ...emulator.options(options), ...overrides }),
    {
      name: 'gcp',
      baseDir: '/',
      clock: systemClock,
      timeoutMs,
      resolve: async (reference) =>
        new Secret(references[reference] ?? emulator.resolve(reference) ?? 'unknown reference'),
      operator: { provideCredential: nobody, confirmDone: nobody },
    },
  );
  const { signal } = new AbortController();
  return {
    emulator,
    store,
    signal,
    writing: () => ({ signal, idempotencyToken: randomUUID(), rotationId: 'r1' }),
    seeded: (ref, field = '') => emulator.seed({ ref, fields: [field] }, { [field]: OLD.reveal() }),
    close: async () => {
      await store.close?.();
      await emulator.stop();
    },
  };
}
