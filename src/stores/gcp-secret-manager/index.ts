import { defineStore } from '../../core/plugins/plugin.ts';
import { MAX_BYTES } from './limits.ts';

export const plugin = defineStore({
  id: 'gcp-secret-manager',
  title: 'Google Cloud Secret Manager',
  summary:
    'Secrets in Google Cloud: a new version for who reads `latest`, or an alias moved with compare-and-set.',
  capabilities: {
    readable: true,
    versioned: true,
    // Of an alias; preflight tells that `latest` has none.
    cas: true,
    restore: 'version',
    maxBytes: MAX_BYTES,
    evidence: 'read-back',
  },
  slot: {
    ref: 'The id of a secret (`checkout-key`) or its full name; with `/versions/ALIAS` behind it when its readers use an alias.',
    field: 'A key at the top of a JSON secret; left out, the text of the secret as a whole.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./gcp-secret-manager-store.ts')).openGoogleSecretStore,
  emulator: async () => (await import('./emulator.ts')).startGoogleSecretEmulator,
});
