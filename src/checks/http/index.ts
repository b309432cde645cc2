import { defineCheck } from '../../core/plugins/plugin.ts';

export const plugin = defineCheck({
  id: 'http',
  title: 'HTTP request',
  summary:
    'Asks a service, or the API behind it, with the key and compares status and body with what is expected.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./http-check.ts')).openHttpCheck,
  emulator: async () => (await import('./emulator.ts')).startHttpCheckEmulator,
});
