import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'postman',
  title: 'Postman API keys',
  summary:
    'A person makes and deletes the key in Postman’s web page; keyturn checks, distributes and proves.',
  capabilities: {
    // Postman has no API that makes, lists, disables or deletes an API key.
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
  open: async () => (await import('./postman-issuer.ts')).openPostmanIssuer,
  emulator: async () => (await import('./emulator.ts')).startPostmanEmulator,
});
