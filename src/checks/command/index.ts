import { defineCheck } from '../../core/plugins/plugin.ts';

export const plugin = defineCheck({
  id: 'command',
  title: 'Command',
  summary:
    'Runs a program of yours, hands it the key by environment or standard input, and goes by its exit code.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./command-check.ts')).openCommandCheck,
  emulator: async () => (await import('./emulator.ts')).startCommandCheckEmulator,
});
