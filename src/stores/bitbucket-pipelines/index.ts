import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'bitbucket-pipelines',
  title: 'Bitbucket Pipelines',
  summary:
    'Secured variables of Bitbucket Pipelines: of repositories, workspaces and deployment environments.',
  capabilities: {
    // Bitbucket gives the values of unsecured variables alone, and no time of an update of any.
    readable: false,
    versioned: false,
    cas: false,
    restore: 'value',
    maxBytes: undefined,
    evidence: 'none',
  },
  slot: {
    ref: '`repositories/WORKSPACE/REPO`, `workspaces/WORKSPACE` or `deployments/WORKSPACE/REPO/ENVIRONMENT`.',
    field: 'Name of the variable.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./bitbucket-pipelines-store.ts')).openBitbucketStore,
  emulator: async () => (await import('./emulator.ts')).startBitbucketEmulator,
});
