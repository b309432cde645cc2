import { randomBytes, randomUUID } from 'node:crypto';
import type { Fields } from '../../src/core/credential.ts';
import type { OpenContext } from '../../src/core/plugins/contexts.ts';
import type { Slot, Store, Version, WriteContext, WriteReceipt } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openSecretsManagerStore } from '../../src/stores/aws-secrets-manager/aws-secrets-manager-store.ts';
import {
  type SecretsManagerEmulator,
  startSecretsManagerEmulator,
} from '../../src/stores/aws-secrets-manager/emulator.ts';
import { optionsSchema } from '../../src/stores/aws-secrets-manager/options.ts';

/** The store on its emulator, with one JSON secret whose key is `API_KEY`. */
export interface Rig {
  readonly emulator: SecretsManagerEmulator;
  readonly store: Store;
  readonly slot: Slot;
  readonly signal: AbortSignal;
  /** The version that was there at first. */
  readonly first: Version;
  writing(token?: string): WriteContext;
  push(value: Secret, expected: Version | undefined, token?: string): Promise<WriteReceipt>;
  /** Version id → labels, as the account's owner sees them. */
  labels(): Record<string, string[]>;
  live(): Promise<Fields<string> | undefined>;
  close(): Promise<void>;
}

export const OLD = fresh();

export function fresh(): Secret {
  return new Secret(`kt-${randomBytes(18).toString('base64url')}`);
}

export async function openRig(): Promise<Rig> {
  const emulator = await startSecretsManagerEmulator();
  const store = await openSecretsManagerStore(optionsSchema.parse(emulator.options()), contextFor(emulator));
  const slot = await emulator.seed(emulator.sampleSlot('checkout', ['API_KEY']), { API_KEY: OLD.reveal() });
  const { signal } = new AbortController();
  const [first = ''] = emulator.secret(slot).versions.keys();
  const writing = (token: string = randomUUID()): WriteContext => ({
    signal,
    idempotencyToken: token,
    rotationId: 'r1',
  });
  return {
    emulator,
    store,
    slot,
    signal,
    first,
    writing,
    push: (value, expected, token) => store.write(slot, { API_KEY: value }, expected, writing(token)),
    labels: () =>
      Object.fromEntries(
        [...emulator.secret(slot).versions].map(([id, version]) => [id, [...version.labels].sort()]),
      ),
    live: () => emulator.peek(slot),
    close: async () => {
      await store.close?.();
      await emulator.stop();
    },
  };
}

export function contextFor(emulator: Pick<SecretsManagerEmulator, 'resolve'>): OpenContext {
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody is there'));
  return {
    name: 'aws-prod',
    baseDir: '/',
    clock: systemClock,
    timeoutMs: 20_000,
    resolve: async (reference) => new Secret(emulator.resolve(reference) ?? 'unknown reference'),
    operator: { provideCredential: nobody, confirmDone: nobody },
  };
}
