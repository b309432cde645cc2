import { DECLARED_CAPABILITIES } from '../../core/plugins/declared-capabilities.ts';
import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'command',
  title: 'A program of yours',
  summary:
    'Keys of anything a program can manage: one JSON document in, one out, secrets never in arguments.',
  capabilities: DECLARED_CAPABILITIES,
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./command-issuer.ts')).openCommandIssuer,
  emulator: async () => (await import('./emulator.ts')).startCommandEmulator,
});
