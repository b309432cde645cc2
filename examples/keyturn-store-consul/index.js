// @ts-check
import { defineStore } from 'keyturn/plugin';
import { MAX_BYTES } from './limits.js';
import { loadOptions } from './options.js';

export default defineStore({
  id: 'consul',
  title: 'HashiCorp Consul KV',
  summary:
    'Keys of the key-value store of HashiCorp Consul; a write is refused when somebody else has written.',
  capabilities: {
    readable: true,
    // Consul numbers each write of a key, and keeps no value but the last.
    versioned: false,
    cas: true,
    restore: 'value',
    maxBytes: MAX_BYTES,
    evidence: 'read-back',
  },
  slot: {
    ref: 'The key, without `/v1/kv/` before it: `apps/ci/postman`.',
    field: 'Not used: a key of Consul is one value.',
  },
  options: loadOptions,
  open: async () => (await import('./consul-store.js')).openConsulStore,
  emulator: async () => (await import('./emulator.js')).startConsulEmulator,
});
