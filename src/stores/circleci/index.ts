import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'circleci',
  title: 'CircleCI',
  summary: 'Environment variables of CircleCI projects and contexts.',
  capabilities: {
    // CircleCI never gives a value back: of a project's variable four characters, of a context's the time of its update.
    readable: false,
    versioned: false,
    cas: false,
    restore: 'value',
    maxBytes: undefined,
    evidence: 'timestamp',
  },
  slot: {
    ref: '`projects/gh/org/repo` (the slug of a project) or `contexts/NAME-OR-ID`.',
    field: 'Name of the environment variable.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./circleci-store.ts')).openCircleciStore,
  emulator: async () => (await import('./emulator.ts')).startCircleciEmulator,
});
