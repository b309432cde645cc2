import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'travis-ci',
  title: 'Travis CI',
  summary: 'Private environment variables in the settings of a repository on Travis CI.',
  capabilities: {
    // Travis CI gives the values of public variables alone, and no time of an update of any.
    readable: false,
    versioned: false,
    cas: false,
    restore: 'value',
    maxBytes: undefined,
    evidence: 'none',
  },
  slot: {
    ref: 'The repository: `owner/repo`, or its number on Travis CI.',
    field:
      'Name of the variable; where several branches have one of that name, `NAME@branch`, or `NAME@*` for the one of all branches.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./travis-ci-store.ts')).openTravisStore,
  emulator: async () => (await import('./emulator.ts')).startTravisEmulator,
});
