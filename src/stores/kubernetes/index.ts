import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'kubernetes',
  title: 'Kubernetes Secrets',
  summary: 'Keys of Secrets in a Kubernetes cluster; immutable ones are replaced under a new name.',
  capabilities: {
    readable: true,
    versioned: true,
    cas: true,
    restore: 'value',
    // Of all values of a Secret together.
    maxBytes: 1_048_576,
    evidence: 'read-back',
  },
  slot: {
    ref: 'Namespace and name of the Secret: `shop/payments`.',
    field: 'Key in its data: `API_KEY`. Required.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./kubernetes-store.ts')).openKubernetesStore,
  emulator: async () => (await import('./emulator.ts')).startKubernetesEmulator,
});
