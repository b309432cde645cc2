import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'postman-environment',
  title: 'Postman environment',
  summary: 'Shared values of variables in a Postman environment.',
  capabilities: {
    readable: true,
    versioned: false,
    // Postman has no If-Match; what happened to the list of variables is looked at after each write.
    cas: false,
    restore: 'value',
    maxBytes: undefined,
    evidence: 'read-back',
  },
  slot: {
    ref: 'Id of the environment, as its address in Postman ends (with or without the number in front).',
    field: 'Name of the variable; required.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./postman-environment-store.ts')).openPostmanEnvironmentStore,
  emulator: async () => (await import('./emulator.ts')).startPostmanEnvironmentEmulator,
});
