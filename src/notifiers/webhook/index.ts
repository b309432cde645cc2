import { defineNotifier } from '../../core/plugins/plugin.ts';

export const plugin = defineNotifier({
  id: 'webhook',
  title: 'Signed webhook',
  summary: 'Posts JSON to an address of yours, signed so that the receiver can tell who sent it.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./webhook-notifier.ts')).openWebhookNotifier,
  emulator: async () => (await import('./emulator.ts')).startWebhookEmulator,
});
