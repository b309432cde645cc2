import { defineIssuer } from '../../core/plugins/plugin.ts';
import { KEYS_PER_USER, PARTS } from './access-key.ts';

export const plugin = defineIssuer({
  id: 'aws-iam',
  title: 'AWS IAM access keys',
  summary: 'Access keys of an IAM user: made, switched off (and on again) and deleted over the API.',
  capabilities: {
    create: 'api',
    deactivate: 'api',
    reversible: true,
    delete: true,
    identify: true,
    usage: true,
    maxKeys: KEYS_PER_USER,
    parts: PARTS,
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./aws-iam-issuer.ts')).openIamIssuer,
  emulator: async () => (await import('./emulator.ts')).startIamEmulator,
});
