import { defineNotifier } from '../../core/plugins/plugin.ts';

export const plugin = defineNotifier({
  id: 'email',
  title: 'E-mail',
  summary: 'Sends a plain-text message through an SMTP server.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./email-notifier.ts')).openEmailNotifier,
  emulator: async () => (await import('./emulator.ts')).startEmailEmulator,
});
