import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'conjur-api-key',
  title: 'CyberArk Conjur API keys',
  summary: 'The API key of a host or user in Conjur, rotated over the API: the old one dies at that moment.',
  capabilities: {
    create: 'api',
    // There is one key; making the next one has killed it.
    deactivate: 'none',
    overlap: false,
    reversible: false,
    delete: false,
    identify: true,
    usage: false,
    maxKeys: undefined,
    parts: ['value'],
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./conjur-api-key-issuer.ts')).openConjurApiKeyIssuer,
  emulator: async () => (await import('./emulator.ts')).startConjurKeyEmulator,
});
