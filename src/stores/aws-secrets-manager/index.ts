import { defineStore } from '../../core/plugins/plugin.ts';
import { MAX_BYTES } from './limits.ts';

export const plugin = defineStore({
  id: 'aws-secrets-manager',
  title: 'AWS Secrets Manager',
  summary: 'Text and JSON secrets in AWS Secrets Manager, moved by staging label and put back the same way.',
  capabilities: {
    readable: true,
    versioned: true,
    cas: true,
    restore: 'version',
    maxBytes: MAX_BYTES,
    evidence: 'read-back',
  },
  slot: {
    ref: 'The name of a secret (`prod/checkout/api`) or its full ARN.',
    field: 'A key at the top of a JSON secret; left out, the text of the secret as a whole.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./aws-secrets-manager-store.ts')).openSecretsManagerStore,
  emulator: async () => (await import('./emulator.ts')).startSecretsManagerEmulator,
});
