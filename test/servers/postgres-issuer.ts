import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { PostgresServer } from '../../scripts/servers/postgres-server.ts';
import type { IssuerEmulator } from '../../src/core/plugins/emulator.ts';
import { Secret } from '../../src/core/secret.ts';

/** Roles of a real PostgreSQL in the place of our emulator, and the hands of its superuser. */
export interface PostgresRoles extends IssuerEmulator {
  readonly roles: readonly [string, string];
  readonly owner: string;
  readonly admin: string;
  /** As superuser. */
  sql(text: string): Promise<readonly Record<string, unknown>[]>;
  /** A connection as one of the roles, left open. */
  connect(username: string, password: string): Promise<Client>;
}

const PASSWORD = 'env:KEYTURN_TEST_PASSWORD';

export async function startPostgresRoles(server: PostgresServer): Promise<PostgresRoles> {
  const name = `kt_${randomBytes(6).toString('hex')}`;
  const roles = [`${name}_a`, `${name} "b"`] as const;
  const [owner, admin, password] = [`${name}_rw`, `${name}_admin`, randomBytes(18).toString('base64url')];
  const opened: Client[] = [];
  const connect = async (user: string, secret: string): Promise<Client> => {
    const client = new Client({
      host: '127.0.0.1',
      port: server.port,
      database: 'postgres',
      user,
      password: secret,
    });
    // A server that is stopped, or a role that is dropped, ends it: not ours to mind.
    client.on('error', () => {});
    await client.connect();
    opened.push(client);
    return client;
  };
  const superuser = await connect('postgres', server.password);
  const sql = async (text: string): Promise<readonly Record<string, unknown>[]> =>
    (await superuser.query(text)).rows as Record<string, unknown>[];

  await sql(`CREATE ROLE ${escapeIdentifier(owner)} NOLOGIN`);
  await sql(`CREATE ROLE ${escapeIdentifier(admin)} LOGIN CREATEROLE PASSWORD ${escapeLiteral(password)}`);
  for (const role of roles) {
    await sql(`CREATE ROLE ${escapeIdentifier(role)} NOLOGIN IN ROLE ${escapeIdentifier(owner)}`);
    await sql(`ALTER ROLE ${escapeIdentifier(role)} SET role = ${escapeLiteral(owner)}`);
    await sql(`GRANT ${escapeIdentifier(role)} TO ${escapeIdentifier(admin)} WITH ADMIN OPTION`);
  }
  /** The old password of each role, as the outside world has it. */
  const issued = new Map<string, string>();

  return {
    roles,
    owner,
    admin,
    sql,
    connect,
    options: () => ({
      strategy: 'alternate',
      host: '127.0.0.1',
      port: server.port,
      database: 'postgres',
      tls: 'off',
      roles: [...roles],
      owner,
      admin: { username: admin, password: PASSWORD },
    }),
    resolve: (reference) => (reference === PASSWORD ? password : undefined),
    effects: () =>
      readFileSync(server.logFile, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(`${admin} `) && line.includes('statement: ALTER ROLE')).length,
    issue: async () => {
      const resting = roles.find((role) => !issued.has(role)) ?? '';
      const made = randomBytes(18).toString('base64url');
      issued.set(resting, made);
      await sql(`ALTER ROLE ${escapeIdentifier(resting)} LOGIN PASSWORD ${escapeLiteral(made)}`);
      return { id: resting, credential: { username: new Secret(resting), password: new Secret(made) } };
    },
    isLive: async ({ username, password: secret }) => {
      try {
        await connect(username?.reveal() ?? '', secret?.reveal() ?? '');
        await opened.pop()?.end();
        return true;
      } catch {
        return false;
      }
    },
    keys: async () => {
      const rows = await sql(`
        SELECT rolname AS id, rolcanlogin AS active FROM pg_authid
        WHERE rolname IN (${roles.map((role) => escapeLiteral(role)).join(', ')}) AND rolpassword IS NOT NULL`);
      return rows as unknown as { id: string; active: boolean }[];
    },
    stop: async () => {
      await Promise.all(opened.filter((client) => client !== superuser).map((client) => client.end()));
      await superuser.end();
    },
  };
}
