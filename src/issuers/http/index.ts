import { DECLARED_CAPABILITIES } from '../../core/plugins/declared-capabilities.ts';
import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'http',
  title: 'Any HTTP API',
  summary: 'Keys of a service with an HTTP API of its own, described request by request in the config.',
  capabilities: DECLARED_CAPABILITIES,
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./http-issuer.ts')).openHttpIssuer,
  emulator: async () => (await import('./emulator.ts')).startHttpEmulator,
});
