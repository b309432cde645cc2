import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer } from '../../core/plugins/issuer.ts';
import type { Access } from './access.ts';
import { alternatingRoles } from './alternating-roles.ts';
import type { PostgresOptions } from './options.ts';
import { singleRole } from './single-role.ts';

/** A change of a role holds for the next login on the same server; one answer tells. */
const PROPAGATION = { confirmations: 1, intervalMs: 1_000, deadlineMs: 30_000 };

export async function openPostgresRoleIssuer(options: PostgresOptions, ctx: OpenContext): Promise<Issuer> {
  const { name, timeoutMs, resolve } = ctx;
  const ca = options.ca === undefined ? undefined : (await resolve(options.ca)).reveal();
  const { host, port, database } = options;
  const access: Access = {
    server: { name, host, port, database, timeoutMs, tls: options.tls === 'verify' ? { ca } : false },
    admin: async () => ({
      username: options.admin.username,
      password: await resolve(options.admin.password),
    }),
  };
  const strategy =
    options.strategy === 'single' ? singleRole(options, access, ctx) : alternatingRoles(options, access, ctx);
  return { propagation: PROPAGATION, ...strategy };
}
