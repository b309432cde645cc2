import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'docker',
  title: 'Docker swarm secrets',
  summary: 'Secrets of a Docker swarm: a new one takes the place of the old in every service that uses it.',
  capabilities: {
    // The engine gives a secret to containers alone.
    readable: false,
    versioned: true,
    cas: true,
    restore: 'version',
    // 500 KiB are too many by one.
    maxBytes: 511_999,
    evidence: 'timestamp',
  },
  slot: {
    ref: 'Name of the secret, as it was before keyturn first replaced it: `payments_key`.',
    field: 'Not used: a secret is one value.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./docker-store.ts')).openDockerStore,
  emulator: async () => (await import('./emulator.ts')).startDockerEmulator,
});
