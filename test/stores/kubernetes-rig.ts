import { randomBytes, randomUUID } from 'node:crypto';
import type { Fields } from '../../src/core/credential.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type KubernetesEmulator, startKubernetesEmulator } from '../../src/stores/kubernetes/emulator.ts';
import { openKubernetesStore } from '../../src/stores/kubernetes/kubernetes-store.ts';
import { optionsSchema } from '../../src/stores/kubernetes/options.ts';

export const SLOT: Slot = { ref: 'shop/payments', fields: ['API_KEY'] };

/** A store on an emulated cluster, with one Secret in it. */
export interface KubernetesRig {
  readonly emulator: KubernetesEmulator;
  readonly store: Store;
  open(options: JsonObject): Promise<Store>;
  /** The Secret of a name, its values decoded. */
  secret(name?: string): { readonly metadata: object; readonly data: Fields<string> } | undefined;
  placeSecret(extra: JsonObject, name?: string): void;
  errors(of?: Store): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openKubernetesRig(): Promise<KubernetesRig> {
  const emulator = await startKubernetesEmulator();
  const { objects } = emulator.cluster;
  const opened: Store[] = [];
  const nobody = (): Promise<never> => Promise.reject(new Error('this store asks nobody'));
  const open = async (options: JsonObject): Promise<Store> => {
    const store = await openKubernetesStore(optionsSchema.parse({ ...emulator.options(), ...options }), {
      name: 'prod',
      baseDir: '/nowhere',
      clock: systemClock,
      timeoutMs: 5000,
      resolve: nobody,
      operator: { provideCredential: nobody, confirmDone: nobody },
    });
    opened.push(store);
    return store;
  };
  const store = await open({});

  return {
    emulator,
    store,
    open,
    secret: (name = 'payments') => {
      const found = objects.get('secrets', 'shop', name);
      if (found === undefined) return undefined;
      const data = Object.entries((found['data'] ?? {}) as Fields<string>);
      return { ...found, data: Object.fromEntries(data.map(([key, value]) => [key, atob(value)])) };
    },
    placeSecret: (extra, name = 'payments') => {
      const { metadata, ...rest } = extra as { metadata?: JsonObject };
      objects.put('secrets', {
        type: 'Opaque',
        data: { API_KEY: btoa('old'), OTHER: btoa('stays') },
        ...rest,
        metadata: { ...metadata, namespace: 'shop', name },
      });
    },
    errors: async (of = store) => {
      const { findings } = await of.preflight(SLOT, ctx);
      return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    },
    close: async () => {
      for (const each of opened) await each.close?.();
      await emulator.stop();
    },
  };
}

export const ctx: WriteContext = {
  signal: new AbortController().signal,
  idempotencyToken: randomUUID(),
  rotationId: 'rot-1',
};

export function fresh(): { readonly API_KEY: Secret } {
  return { API_KEY: new Secret(`kt-${randomBytes(16).toString('hex')}`) };
}

export async function refusal(attempt: Promise<unknown>): Promise<RotationError> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RotationError) return error;
  throw new Error(`expected a RotationError, not ${String(error)}`);
}
