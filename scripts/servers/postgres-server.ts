import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildServer, type RunningServer, type SystemUser, startChild } from './child-server.ts';
import { freePort } from './free-port.ts';
import { postgresPrograms } from './postgres-programs.ts';
import { runQuietly } from './run-quietly.ts';

/** Nobody needs what is on it: tests may make roles as they like. */
export interface PostgresServer {
  /** `postgres://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Of the superuser `postgres`. */
  readonly password: string;
  /** Every statement and every login is in it. */
  readonly logFile: string;
}

/** How pg_hba.conf treats roles whose names begin so; all others give a SCRAM password. */
export const ROLES_LET_IN_BLINDLY = 'kt_trust_';
export const ROLES_KEPT_OUT = 'kt_reject_';

const HBA = `
host all /^${ROLES_LET_IN_BLINDLY} 127.0.0.1/32 trust
host all /^${ROLES_KEPT_OUT} 127.0.0.1/32 reject
host all all 127.0.0.1/32 scram-sha-256
`;
/** Before version 16 a name in pg_hba.conf is no pattern: these two stand for it. */
const HBA_BY_NAME = `
host all ${ROLES_LET_IN_BLINDLY}role 127.0.0.1/32 trust
host all ${ROLES_KEPT_OUT}role 127.0.0.1/32 reject
`;

/** A port that was free may be taken by the time the server wants it. */
const ATTEMPTS = 3;

/**
 * Starts PostgreSQL on a free port of this machine, in a cluster of its own that goes when it is stopped.
 * @throws Error when no PostgreSQL is found or can be installed, or it does not get healthy
 */
export async function startPostgres(): Promise<PostgresServer & RunningServer> {
  const programs = await postgresPrograms();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(programs);
    } catch (error) {
      if (attempt === ATTEMPTS || !String(error).includes('Address already in use')) throw error;
    }
  }
}

async function startOnce(programs: string): Promise<PostgresServer & RunningServer> {
  const home = await mkdtemp(join(tmpdir(), 'keyturn-postgres-'));
  const data = join(home, 'data');
  const as = unprivileged();
  let server: ChildServer | undefined;
  const stop = async (): Promise<void> => {
    await server?.stop();
    await rm(home, { recursive: true, force: true });
  };
  try {
    const password = randomBytes(18).toString('base64url');
    const passwordFile = join(home, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (as.uid !== undefined && as.gid !== undefined)
      for (const place of [home, passwordFile]) await chown(place, as.uid, as.gid);
    const settings = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--no-sync'];
    await runQuietly(join(programs, 'initdb'), [...settings, '--username=postgres', '-D', data], as);
    await writeFile(join(data, 'pg_hba.conf'), HBA_BY_NAME + HBA);
    const port = await freePort();
    // Nothing of ours: PG variables would change what is under test.
    const env = { PATH: process.env['PATH'], HOME: home };
    server = startChild(join(programs, 'postgres'), ['-D', data, ...settingsFor(home, port)], env, as);
    const { written } = server;
    await server.until('ready', () => written().includes('redirecting log output') || undefined);
    await server.until('an answer', () => answers(port));
    return {
      url: `postgres://127.0.0.1:${port}`,
      port,
      password,
      logFile: join(home, 'log', 'server.log'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The log is a file, so that a test can look for what must not be in it. */
function settingsFor(home: string, port: number): string[] {
  const settings: Readonly<Record<string, string>> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: home,
    fsync: 'off',
    logging_collector: 'on',
    log_directory: join(home, 'log'),
    log_filename: 'server.log',
    log_line_prefix: '%u ',
    log_statement: 'all',
    log_parameter_max_length: '-1',
    log_connections: 'on',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** PostgreSQL refuses to run as root; whoever else we are will do. */
function unprivileged(): SystemUser {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

const NOBODY = 65_534;

/** A connection in the clear is welcome: the server answers a request for encryption with one letter. */
function answers(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(ENCRYPTION_REQUEST));
    const end = (answer: true | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => end(true));
    socket.once('error', () => end(undefined));
    socket.once('close', () => end(undefined));
  });
}

const ENCRYPTION_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
