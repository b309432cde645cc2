import { defineStore } from '../../core/plugins/plugin.ts';

export const plugin = defineStore({
  id: 'jenkins',
  title: 'Jenkins credentials',
  summary: 'Secret texts, user names with passwords, and secret files in the credentials stores of Jenkins.',
  capabilities: {
    // Jenkins shows every secret as `<secret-redacted/>`.
    readable: false,
    versioned: false,
    cas: false,
    restore: 'value',
    maxBytes: undefined,
    // Nothing that Jenkins tells of a credential changes with each write.
    evidence: 'none',
  },
  slot: {
    ref: '`system/DOMAIN/ID`, `folder/PATH/OF/FOLDER/DOMAIN/ID` or `user/USER/DOMAIN/ID`; the global domain is `_`.',
    field:
      '`secret` of a secret text, `username` and `password`, or `content` of a secret file; left out, the one secret it has.',
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./jenkins-store.ts')).openJenkinsStore,
  emulator: async () => (await import('./emulator.ts')).startJenkinsEmulator,
});
