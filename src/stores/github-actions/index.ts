import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'github-actions',
  title: 'GitHub secrets',
  summary:
    'Secrets of repositories, environments and organisations on GitHub, for Actions, Dependabot and Codespaces.',
  capabilities: {
    // GitHub never gives a secret back: it tells only when it was last updated.
    readable: false,
    versioned: false,
    cas: false,
    restore: 'value',
    maxBytes: 48 * 1024,
    evidence: 'timestamp',
  },
  slot: {
    ref: 'Where: `owner/repo`, `owner/repo/environments/NAME` or `orgs/ORG`; with `dependabot:` or `codespaces:` in front, the secrets of these.',
    field: 'Name of the secret.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./github-actions-store.ts')).openGithubActionsStore,
  emulator: async () => (await import('./emulator.ts')).startGithubActionsEmulator,
});
