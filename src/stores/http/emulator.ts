import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import { type StoreCapabilities, WHOLE } from '../../core/plugins/store.ts';
import { type EmulatedRequest, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { addressingOf } from './addressing.ts';
import { createRoutes, failure } from './emulated-routes.ts';
import { createEmulatedSecrets } from './emulated-secrets.ts';
import { ALL_TOGETHER, type EmulatedTraits, emulatorOptions } from './emulator-options.ts';
import { optionsSchema } from './options.ts';

const TOKEN_REFERENCE = 'env:SECRET_SERVICE_TOKEN';

export interface HttpStoreEmulator extends StoreEmulator {
  readonly requests: readonly EmulatedRequest[];
}

export async function startHttpStoreEmulator(): Promise<HttpStoreEmulator> {
  const token = `admin-${randomBytes(16).toString('hex')}`;
  const secrets = createEmulatedSecrets();
  let effects = 0;

  const server = await startLoopbackServer({
    isWrite: (request) => request.method !== 'GET',
    handle: createRoutes(secrets, token, () => {
      effects += 1;
    }),
    errorBody: (status) => failure(status, 'failed', `status ${status}`),
  });

  const emulator: HttpStoreEmulator = {
    options: (original) => emulatorOptions(server.url, TOKEN_REFERENCE, traitsOf(original)),
    resolve: (reference) => (reference === TOKEN_REFERENCE ? token : undefined),
    requests: server.requests,
    inject: server.inject,
    effects: () => effects,
    stop: server.stop,
    sampleSlot: (name, fields) => ({ ref: `apps/${name}`, fields }),
    seed: async (slot, values) => {
      // A slot that is one value has no room for others.
      const beside = slot.fields.includes(WHOLE) ? {} : { beside: 'somebody else’s' };
      secrets.put(slot.ref, { ...(secrets.secret(slot.ref) === undefined ? beside : {}), ...values });
      return slot;
    },
    peek: async ({ ref, fields }) => {
      const secret = secrets.secret(ref);
      return (
        secret && Object.fromEntries(Object.entries(secret.value).filter(([name]) => fields.includes(name)))
      );
    },
    neighbours: async ({ ref, fields }) => {
      const own = Object.entries(secrets.secret(ref)?.value ?? {}).filter(([name]) => !fields.includes(name));
      const others = secrets.refs().filter((other) => other !== ref);
      return JSON.stringify([own, others.map((other) => [other, secrets.secret(other)?.value])]);
    },
    overwrite: async ({ ref }, values) => secrets.put(ref, values),
  };
  return { ...emulator, writeOnly: { capabilities: WITHOUT_READING, emulator: blind(emulator) } };
}

const WITHOUT_READING: StoreCapabilities = {
  readable: false,
  versioned: true,
  cas: false,
  restore: 'version',
  maxBytes: undefined,
  evidence: 'timestamp',
};

function blind(emulator: HttpStoreEmulator): StoreEmulator {
  const { address } = emulator.options();
  const traits = { ...ALL_TOGETHER, writeOnly: true };
  return { ...emulator, options: () => emulatorOptions(String(address), TOKEN_REFERENCE, traits) };
}

function traitsOf(original: JsonObject | undefined): EmulatedTraits {
  if (original === undefined) return ALL_TOGETHER;
  const theirs = optionsSchema.parse(original);
  const { named, writesEach, tellsVersion } = addressingOf(theirs);
  const { read, restore, writeOnly } = theirs;
  return {
    named,
    each: writesEach,
    tellsVersion,
    restores: restore !== undefined,
    writeOnly,
    // What proves a push here is what would prove it there.
    tellsTime: !writeOnly || read.updatedAt !== undefined || read.version !== undefined,
  };
}
