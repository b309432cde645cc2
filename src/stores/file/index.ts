import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'file',
  title: 'JSON, YAML, TOML or INI file',
  summary:
    'Values in a file of settings on this machine, edited in place without touching a byte beside them.',
  capabilities: {
    readable: true,
    versioned: false,
    cas: true,
    restore: 'value',
    maxBytes: undefined,
    evidence: 'read-back',
  },
  slot: {
    ref: 'Path of the file, relative to `root`: `services/checkout/settings.yaml`',
    field: 'Path of the value in it: `payments.keys[0].secret`, `["a.b"].key`. Required.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./file-store.ts')).openFileStore,
  emulator: async () => (await import('./emulator.ts')).startFileEmulator,
});
