import { defineStore } from '../../core/plugins/plugin.ts';
import { MAX_BYTES } from './limits.ts';

export const plugin = defineStore({
  id: 'aws-ssm',
  title: 'AWS Systems Manager Parameter Store',
  summary: 'SecureString parameters, plain or JSON, read by their newest version or by a label.',
  capabilities: {
    readable: true,
    versioned: true,
    cas: false,
    restore: 'version',
    maxBytes: MAX_BYTES,
    evidence: 'read-back',
  },
  slot: {
    ref: 'The name of a parameter (`/prod/checkout/api-key`); with `:label` behind it when its readers use a label.',
    field: 'A key at the top of a JSON value; left out, the value as a whole.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./aws-ssm-store.ts')).openParameterStore,
  emulator: async () => (await import('./emulator.ts')).startParameterStoreEmulator,
});
