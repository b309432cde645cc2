import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'dotenv',
  title: 'Env file',
  summary:
    'Entries of a .env file on this machine, edited in place without touching a byte beside the values.',
  capabilities: {
    readable: true,
    versioned: false,
    cas: true,
    restore: 'value',
    maxBytes: undefined,
    evidence: 'read-back',
  },
  slot: {
    ref: 'Path of the file, relative to `root`: `services/checkout/.env`',
    field: 'The key of the entry: `PAYMENTS_API_KEY`. Required.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./dotenv-store.ts')).openDotenvStore,
  emulator: async () => (await import('./emulator.ts')).startDotenvEmulator,
});
