import { randomBytes, randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openParameterStore } from '../../src/stores/aws-ssm/aws-ssm-store.ts';
import {
  type ParameterStoreEmulator,
  startParameterStoreEmulator,
} from '../../src/stores/aws-ssm/emulator.ts';
import { optionsSchema } from '../../src/stores/aws-ssm/options.ts';

/** The store on its emulator. */
export interface Rig {
  readonly emulator: ParameterStoreEmulator;
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

export async function openRig(options: JsonObject = {}): Promise<Rig> {
  const emulator = await startParameterStoreEmulator();
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody is there'));
  const store = await openParameterStore(optionsSchema.parse(emulator.options(options)), {
    name: 'params',
    baseDir: '/',
    clock: systemClock,
    timeoutMs: 20_000,
    resolve: async (reference) => new Secret(emulator.resolve(reference) ?? 'unknown reference'),
    operator: { provideCredential: nobody, confirmDone: nobody },
  });
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
