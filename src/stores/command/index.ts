import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'command',
  title: 'A program of yours',
  summary:
    'Secrets in anything a program can read and write: one JSON document in, one out, never in arguments.',
  // At best: what the program cannot do is not configured (`writeOnly` is), and preflight says so.
  capabilities: {
    readable: true,
    versioned: true,
    cas: true,
    restore: 'version',
    maxBytes: undefined,
    evidence: 'read-back',
  },
  slot: {
    ref: 'Whatever names a place to the program.',
    field: 'Name of a value in that place; left out, the place is one value.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./command-store.ts')).openCommandStore,
  emulator: async () => (await import('./emulator.ts')).startCommandStoreEmulator,
});
