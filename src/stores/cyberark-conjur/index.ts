import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'cyberark-conjur',
  title: 'CyberArk Conjur',
  summary: 'Variables in Conjur Open Source, CyberArk Secrets Manager Self-Hosted and SaaS.',
  capabilities: {
    readable: true,
    versioned: true,
    // Conjur has no If-Match: versions are compared before and after a write, which narrows the gap but does not close it.
    cas: false,
    restore: 'version',
    maxBytes: undefined,
    evidence: 'read-back',
  },
  slot: {
    ref: 'The id of a variable, without `account:variable:` (`apps/ci/api-key`).',
    field: 'Left out, the variable itself; with a name, the variable `ref/field`.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./cyberark-conjur-store.ts')).openConjurStore,
  emulator: async () => (await import('./emulator.ts')).startConjurEmulator,
});
