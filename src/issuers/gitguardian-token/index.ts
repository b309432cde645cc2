import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'gitguardian-token',
  title: 'GitGuardian API tokens',
  summary:
    'Makes, compares and revokes personal access tokens and service accounts of a GitGuardian workspace.',
  capabilities: {
    create: 'api',
    deactivate: 'api',
    // A revoked token stays in the list, and cannot be brought back.
    reversible: false,
    delete: false,
    identify: true,
    usage: true,
    maxKeys: undefined,
    // Nothing in a token says which one it is, so that its id is kept beside it.
    parts: ['tokenId', 'value'],
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./gitguardian-token-issuer.ts')).openGitguardianIssuer,
  emulator: async () => (await import('./emulator.ts')).startGitguardianEmulator,
});
