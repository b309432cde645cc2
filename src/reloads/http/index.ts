import { defineReload } from '../../core/plugins/plugin.ts';

export const plugin = defineReload({
  id: 'http',
  title: 'HTTP request',
  summary:
    'Asks a service, or the platform that runs it, over HTTP to reload, and waits until the new instance answers.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./http-reload.ts')).openHttpReload,
  emulator: async () => (await import('./emulator.ts')).startHttpReloadEmulator,
});
