import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'gitlab-ci',
  title: 'GitLab CI/CD variables',
  summary: 'CI/CD variables of GitLab projects, groups and instances.',
  capabilities: {
    // Variables have no version and no time of an update. Of a hidden one nothing is shown: preflight says so.
    readable: true,
    versioned: false,
    cas: false,
    restore: 'value',
    // Of an instance's variables 10,000 characters; of others GitLab documents no limit.
    maxBytes: undefined,
    evidence: 'read-back',
  },
  slot: {
    ref: '`projects/PATH`, `groups/PATH` (either may end with `@ENVIRONMENT`), or `instance`.',
    field: 'Key of the variable.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./gitlab-ci-store.ts')).openGitlabCiStore,
  emulator: async () => (await import('./emulator.ts')).startGitlabCiEmulator,
});
