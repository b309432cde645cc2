import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'hashicorp-vault',
  title: 'HashiCorp Vault and OpenBao',
  summary:
    'Fields of secrets in the key-value engine (version 1 or 2) of Vault, HCP Vault Dedicated or OpenBao.',
  capabilities: {
    readable: true,
    // Best case, a KV version 2 mount; preflight says what a slot on a version 1 mount lacks.
    versioned: true,
    cas: true,
    restore: 'version',
    // Largest entry of the integrated (raft) storage, all fields of the secret together.
    maxBytes: 1_048_576,
    evidence: 'read-back',
  },
  slot: {
    ref: 'Mount and path as `vault kv get` takes them (`secret/apps/ci`), without `data/`.',
    field: 'Key in the secret (`api_key`); required.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./hashicorp-vault-store.ts')).openVaultStore,
  emulator: async () => (await import('./emulator.ts')).startVaultEmulator,
});
