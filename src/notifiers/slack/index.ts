import { defineNotifier } from '../../core/plugins/plugin.ts';

export const plugin = defineNotifier({
  id: 'slack',
  title: 'Slack',
  summary: 'Posts to the channel of a Slack incoming webhook.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./slack-notifier.ts')).openSlackNotifier,
  emulator: async () => (await import('./emulator.ts')).startSlackEmulator,
});
