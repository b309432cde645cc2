// @ts-check
import { randomBytes, randomUUID } from 'node:crypto';
import { startLoopbackServer, WHOLE } from 'keyturn/plugin';
import { consulService } from './emulated-agent.js';
import { createEmulatedKv } from './emulated-kv.js';

/** @import { Fields, LoopbackServer, StoreEmulator } from 'keyturn/plugin' */
/** @import { EmulatedToken } from './emulated-agent.js' */
/** @import { EmulatedKv } from './emulated-kv.js' */

/**
 * The hands of its administrator, for what is particular to Consul.
 * @typedef {object} Administration
 * @property {LoopbackServer} server
 * @property {EmulatedKv} kv
 * @property {EmulatedToken} token
 * @property {() => void} withoutAcls
 */

const TOKEN = 'env:CONSUL_EMULATOR_TOKEN';

/** More than a number of JavaScript can hold. */
const FLAGS = String(2n ** 53n + 1n);

/** @returns {Promise<StoreEmulator & Administration>} */
export async function startConsulEmulator() {
  const kv = createEmulatedKv();
  const token = { secret: randomUUID(), accessor: randomUUID(), mayWrite: true };
  let datacenter = 'dc1';
  let effects = 0;
  const written = () => {
    effects += 1;
  };
  const agent = { kv, token, acls: true, datacenter: () => datacenter, written };
  const server = await startLoopbackServer(consulService(agent));

  /** @type {(key: string, values: Fields<string>) => void} */
  const put = (key, values) => {
    const flags = kv.get(key)?.flags ?? FLAGS;
    // Whatever a config calls the field: that there are none is for the store to say.
    kv.set(key, { value: Object.values(values)[0] ?? '', flags, cas: undefined });
  };

  return {
    server,
    kv,
    token,
    withoutAcls: () => {
      agent.acls = false;
    },
    // The user's own scope, so that a rehearsal asks what the rotation will ask.
    options: ({ datacenter: wanted, namespace, partition } = {}) => {
      if (typeof wanted === 'string') datacenter = wanted;
      const scope = { datacenter: wanted, namespace, partition };
      const given = Object.entries(scope).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      );
      return { address: server.url, token: TOKEN, ...Object.fromEntries(given) };
    },
    resolve: (reference) => (reference === TOKEN ? token.secret : undefined),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: () => server.stop(),
    sampleSlot: (name) => ({ ref: `apps/ci/${name}`, fields: [WHOLE] }),
    seed: async (slot, values) => {
      put(slot.ref, values);
      put(`${slot.ref}-beside`, { [WHOLE]: randomBytes(12).toString('hex') });
      return slot;
    },
    peek: async ({ ref }) => {
      const entry = kv.get(ref);
      return entry === undefined || entry.value === '' ? undefined : { [WHOLE]: String(entry.value) };
    },
    neighbours: async ({ ref }) => kv.beside(ref),
    overwrite: async ({ ref }, values) => put(ref, values),
  };
}
