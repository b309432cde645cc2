import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'command',
  title: 'A program of yours',
  summary:
    'Keys of anything a program can manage: one JSON document in, one out, secrets never in arguments.',
  // The best case: an action that is not named in the config is not there, and the plan says so.
  capabilities: {
    create: 'api',
    deactivate: 'api',
    reversible: true,
    delete: true,
    identify: true,
    usage: true,
    maxKeys: undefined,
    // `parts` of the options names them.
    parts: [],
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./command-issuer.ts')).openCommandIssuer,
  emulator: async () => (await import('./emulator.ts')).startCommandEmulator,
});
