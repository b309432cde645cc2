import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'vault-approle',
  title: 'Vault AppRole secret ids',
  summary: 'Secret ids of an AppRole in HashiCorp Vault or OpenBao: made, found and destroyed by accessor.',
  capabilities: {
    create: 'api',
    deactivate: 'api',
    // A secret id cannot be switched off: destroying it is the end.
    reversible: false,
    delete: false,
    identify: true,
    usage: false,
    maxKeys: undefined,
    parts: ['secretId'],
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./vault-approle-issuer.ts')).openAppRoleIssuer,
  emulator: async () => (await import('./emulator.ts')).startAppRoleEmulator,
});
