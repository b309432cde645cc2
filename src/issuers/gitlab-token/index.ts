import { VALUE_PART } from '../../core/credential.ts';
import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'gitlab-token',
  title: 'GitLab access tokens',
  summary:
    'Project, group and personal access tokens of GitLab: a second one is made, and the old one revoked.',
  capabilities: {
    create: 'api',
    deactivate: 'api',
    // A revoked token stays in the list and is never good again.
    reversible: false,
    delete: false,
    identify: true,
    usage: true,
    maxKeys: undefined,
    parts: [VALUE_PART],
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./gitlab-token-issuer.ts')).openGitlabTokenIssuer,
  emulator: async () => (await import('./emulator.ts')).startGitlabTokenEmulator,
});
