import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'stripe',
  title: 'Stripe API keys',
  summary:
    'A person rolls the key in Stripe’s Dashboard, with an overlap; keyturn checks, distributes and proves.',
  capabilities: {
    // Stripe has no API for ordinary keys that makes, lists or expires one.
    create: 'assisted',
    deactivate: 'assisted',
    reversible: false,
    delete: false,
    identify: true,
    usage: false,
    maxKeys: undefined,
    parts: ['value'],
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./stripe-issuer.ts')).openStripeIssuer,
  emulator: async () => (await import('./emulator.ts')).startStripeEmulator,
});
