import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'http',
  title: 'Any HTTP API',
  summary: 'Secrets behind an HTTP API of your own, described request by request in the config.',
  // At best: what the API cannot do is not configured (`writeOnly` is), and preflight says so.
  capabilities: {
    readable: true,
    versioned: true,
    cas: true,
    restore: 'version',
    maxBytes: undefined,
    evidence: 'read-back',
  },
  slot: {
    ref: 'What `{{ref}}` stands for in the requests.',
    field:
      'What `{{field}}` stands for, or a name at `read.fields`; left out where the requests have neither.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./http-store.ts')).openHttpStore,
  emulator: async () => (await import('./emulator.ts')).startHttpStoreEmulator,
});
