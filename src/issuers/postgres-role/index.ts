import { defineIssuer } from '../../core/plugins/plugin.ts';

export const plugin = defineIssuer({
  id: 'postgres-role',
  title: 'PostgreSQL roles',
  summary:
    'Passwords of PostgreSQL roles: two roles that take turns, so that old and new work at once, or a single one.',
  capabilities: {
    create: 'api',
    deactivate: 'api',
    reversible: true,
    delete: true,
    identify: true,
    usage: true,
    // The two roles of `alternate`; `single` has one password, and says in its plan that there is no overlap.
    maxKeys: 2,
    // `username` and `password`, or `password` alone: the strategy decides.
    parts: [],
  },
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./postgres-role-issuer.ts')).openPostgresRoleIssuer,
  emulator: async () => (await import('./emulator.ts')).startPostgresEmulator,
});
