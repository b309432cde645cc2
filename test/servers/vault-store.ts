import { randomUUID } from 'node:crypto';
import type { Fields } from '../../src/core/credential.ts';
import type { StoreEmulator } from '../../src/core/plugins/emulator.ts';
import type { Slot } from '../../src/core/plugins/store.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { failed } from '../../src/lib/vault/emulator/answers.ts';
import { isKvWrite } from '../../src/stores/hashicorp-vault/emulated-routes.ts';
import { joinObject, type RawObject } from '../../src/stores/hashicorp-vault/raw-object.ts';
import { forwardTo } from './forwarding-server.ts';
import type { VaultMount } from './vault-mount.ts';

const TOKEN = 'env:KEYTURN_EMULATED_VAULT_TOKEN';

/** As JSON text: what a careless client damages. */
const NEIGHBOURS: Fields<string> = {
  endpoint: '"https://api.example.com/?a=1&b=<2>"',
  attempts: '3',
  ratio: '1.50',
  tags: '{"on":true,"team":["a","b"]}',
};

/** A mount of a real Vault or OpenBao in the place of our emulator. */
export async function startVaultStore(mount: VaultMount): Promise<StoreEmulator> {
  let effects = 0;
  const server = await startLoopbackServer(
    forwardTo(
      mount.server.url,
      { isWrite: isKvWrite, errorBody: (status) => ({ body: failed(status, 'as injected').body ?? '' }) },
      () => {
        effects += 1;
      },
    ),
  );
  /** All tests share one mount. */
  const world = randomUUID();

  const pathOf = ({ ref }: Slot): string => ref.slice(mount.at.length + 1);
  const put = async (slot: Slot, before: RawObject, values: Fields<string>): Promise<void> => {
    const ours = Object.entries(values).map(([field, value]) => [field, JSON.stringify(value)] as const);
    await mount.write(pathOf(slot), joinObject(new Map([...before, ...ours])));
  };

  return {
    options: () => ({ address: server.url, auth: { method: 'token', token: TOKEN } }),
    resolve: (reference) => (reference === TOKEN ? mount.server.token : undefined),
    inject: server.inject,
    effects: () => effects,
    sampleSlot: (name, fields) => ({
      ref: `${mount.at}/${world}/${name}`,
      fields: fields.filter((field) => field !== ''),
    }),
    seed: async (slot, values) => {
      const inside = slot.ref.startsWith(`${mount.at}/`) ? slot : { ...slot, ref: `${mount.at}/${slot.ref}` };
      await put(inside, new Map(Object.entries(NEIGHBOURS)), values);
      return inside;
    },
    peek: async (slot) => {
      const found = await mount.read(pathOf(slot));
      const present = slot.fields.flatMap((field) => {
        const raw = found?.get(field);
        return raw === undefined ? [] : [[field, String(JSON.parse(raw))] as const];
      });
      return present.length === 0 ? undefined : Object.fromEntries(present);
    },
    neighbours: async (slot) => {
      const found = new Map((await mount.read(pathOf(slot))) ?? []);
      for (const field of slot.fields) found.delete(field);
      return joinObject(new Map([...found].sort()));
    },
    overwrite: async (slot, values) => put(slot, (await mount.read(pathOf(slot))) ?? new Map(), values),
    stop: server.stop,
  };
}
