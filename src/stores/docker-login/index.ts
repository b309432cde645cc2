import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'docker-login',
  title: 'Docker registry logins',
  summary: 'Logins to container registries, in the config.json of the docker CLI or its credential helpers.',
  capabilities: {
    readable: true,
    versioned: false,
    cas: true,
    restore: 'value',
    maxBytes: undefined,
    evidence: 'read-back',
  },
  slot: {
    ref: 'The registry as `docker login` knows it: `ghcr.io`, or `https://index.docker.io/v1/` for Docker Hub.',
    field: 'Left out, the password or token; for a pair, `username` and `password`.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./docker-login-store.ts')).openDockerLoginStore,
  emulator: async () => (await import('./emulator.ts')).startDockerLoginEmulator,
});
