import { defineReload } from '../../core/plugins/plugin.ts';

export const plugin = defineReload({
  id: 'command',
  title: 'Command',
  summary:
    'Runs a program of yours that makes the service take up its new key: a restart, a rollout, a signal.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./command-reload.ts')).openCommandReload,
  emulator: async () => (await import('./emulator.ts')).startCommandReloadEmulator,
});
