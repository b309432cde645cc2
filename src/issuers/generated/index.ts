import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'generated',
  title: 'Generated here',
  summary:
    'Random values and key pairs that keyturn makes itself, for services that check them on their own.',
  capabilities: {
    create: 'local',
    // Nobody but the services knows the value: it is dead once nothing holds it.
    deactivate: 'none',
    reversible: false,
    delete: false,
    identify: false,
    usage: false,
    maxKeys: undefined,
    // `value`, or `privateKey` and `publicKey`: the format decides.
    parts: [],
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./generated-issuer.ts')).openGeneratedIssuer,
  emulator: async () => (await import('./emulator.ts')).startGeneratedEmulator,
});
