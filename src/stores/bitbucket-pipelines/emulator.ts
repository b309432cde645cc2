import { randomBytes, randomUUID } from 'node:crypto';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { createEmulatedPlaces, type EmulatedPlaces } from './emulated-places.ts';
import { bitbucketService } from './emulated-routes.ts';

const TOKEN = 'env:BITBUCKET_EMULATOR_TOKEN';
const EMAIL = 'robot@acme.example';

/** A Bitbucket on this machine, and the hands of its users. */
export interface BitbucketEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  readonly places: EmulatedPlaces;
  /** Leaves the API token the scopes of pipelines alone. */
  withoutUserScope(): void;
}

export async function startBitbucketEmulator(): Promise<BitbucketEmulator> {
  const places = createEmulatedPlaces();
  const token = ['AT', 'ATT3x', randomBytes(24).toString('base64url')].join('');
  const basic = `Basic ${Buffer.from(`${EMAIL}:${token}`).toString('base64')}`;
  const user = { type: 'user', uuid: `{${randomUUID()}}`, account_id: '5f0:robot', display_name: 'Robot' };
  let bearer = false;
  let mayReadUser = true;
  let effects = 0;
  const server = await startLoopbackServer(
    bitbucketService({
      places,
      get authorization() {
        return bearer ? `Bearer ${token}` : basic;
      },
      user: () => (bearer ? undefined : mayReadUser ? user : 'read:user:bitbucket'),
      written: () => {
        effects += 1;
      },
    }),
  );
  const random = (): string => randomBytes(12).toString('hex');

  return {
    server,
    places,
    withoutUserScope: () => {
      mayReadUser = false;
    },
    options: (original = {}) => {
      const { method } = (original['auth'] ?? {}) as { readonly method?: unknown };
      bearer = method === 'access-token';
      const auth = bearer
        ? { method: 'access-token', token: TOKEN }
        : { method: 'api-token', email: EMAIL, token: TOKEN };
      const { shown } = original;
      return { address: server.url, auth, ...(shown === undefined ? {} : { shown }) };
    },
    resolve: (reference) => (reference === TOKEN ? token : undefined),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: server.stop,
    sampleSlot: (name, fields) => ({ ref: `repositories/acme/${name}`, fields }),
    seed: async (slot, values) => {
      places.set(slot.ref, 'SHOWN', 'to everybody', false);
      for (const field of slot.fields) places.set(slot.ref, field, values[field] ?? '');
      places.set(slot.ref, 'BESIDE', random());
      return slot;
    },
    peek: async ({ ref, fields }) => {
      const found = fields.flatMap((field) => {
        const held = places.find(ref)?.find(({ key }) => key === field);
        return held === undefined ? [] : [[field, held.value] as const];
      });
      return found.length === 0 ? undefined : Object.fromEntries(found);
    },
    neighbours: async ({ ref, fields }) => places.except(ref, fields),
    overwrite: async ({ ref }, values) => {
      for (const [field, value] of Object.entries(values)) places.set(ref, field, value);
    },
  };
}
