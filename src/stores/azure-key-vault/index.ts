import { defineStore } from '../../core/plugins/plugin.ts';
import { MAX_BYTES } from './limits.ts';

export const plugin = defineStore({
  id: 'azure-key-vault',
  title: 'Azure Key Vault',
  summary: 'Secrets in a Key Vault: new versions that keep content type, tags and dates.',
  capabilities: {
    readable: true,
    versioned: true,
    cas: false,
    restore: 'version',
    maxBytes: MAX_BYTES,
    evidence: 'read-back',
  },
  slot: {
    ref: 'The name of a secret (`checkout-payments-key`).',
    field: 'A key at the top of a JSON secret; left out, the value as a whole.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./azure-key-vault-store.ts')).openKeyVaultStore,
  emulator: async () => (await import('./emulator.ts')).startKeyVaultEmulator,
});
