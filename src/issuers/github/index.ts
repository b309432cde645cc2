import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'github',
  title: 'GitHub personal access tokens',
  summary:
    'A person makes the token in GitHub’s web page; keyturn checks, distributes, and revokes the old one or has it deleted.',
  capabilities: {
    // GitHub has no API that makes, lists or disables a personal access token.
    create: 'assisted',
    // At least: with `revocation: api` no person is needed.
    deactivate: 'assisted',
    reversible: false,
    delete: false,
    identify: true,
    usage: false,
    maxKeys: undefined,
    parts: ['value'],
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./github-issuer.ts')).openGithubIssuer,
  emulator: async () => (await import('./emulator.ts')).startGithubIssuerEmulator,
});
