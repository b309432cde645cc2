import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'http',
  title: 'Any HTTP API',
  summary: 'Keys of a service with an HTTP API of its own, described request by request in the config.',
  // The best case: what is not configured is not there, and the plan says so.
  capabilities: {
    create: 'api',
    deactivate: 'api',
    reversible: true,
    delete: true,
    identify: true,
    usage: true,
    maxKeys: undefined,
    // `create.parts` names them.
    parts: [],
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./http-issuer.ts')).openHttpIssuer,
  emulator: async () => (await import('./emulator.ts')).startHttpEmulator,
});
