import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { JsonObject } from '../../core/json.ts';
import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';
import { Secret } from '../../core/secret.ts';
import { createFaultQueue } from '../../lib/emulator/fault-queue.ts';
import { troubleOf } from './emulated-faults.ts';
import { type EmulatedRoles, emulatedRoles } from './emulated-roles.ts';
import { type SessionHost, serveSession, type Trouble } from './emulated-session.ts';
import { readMark } from './key-mark.ts';
import { newPassword } from './password.ts';
import { scramVerifier } from './scram-verifier.ts';

export interface PostgresEmulator extends IssuerEmulator {
  readonly state: EmulatedRoles;
  /** What a server that logs every statement has in its log. */
  readonly log: readonly string[];
  /** How logins are checked from now on. */
  authenticateWith(method: SessionHost['method']): void;
  /** The next login, question or change meets this: what `inject` has no word for. */
  breakNext(on: 'login' | 'read' | 'write', trouble: Trouble): void;
}

const ADMIN_PASSWORD = 'env:POSTGRES_EMULATOR_PASSWORD';

/** As much of a PostgreSQL server as this issuer can see: start-up, SCRAM, and the statements it sends. */
export async function startPostgresEmulator(): Promise<PostgresEmulator> {
  const state = emulatedRoles();
  const admin = newPassword();
  const log: string[] = [];
  const troubles: { readonly on: string; readonly trouble: Trouble }[] = [];
  const faults = createFaultQueue();
  const sockets = new Set<Socket>();
  let method: SessionHost['method'] = 'scram-sha-256';
  let effects = 0;
  let used = settingsOf({});

  const adminVerifier = await scramVerifier(admin);
  const setUp = (options: JsonObject): void => {
    used = settingsOf(options);
    state.database = used.database;
    state.add(used.admin, { canLogin: true, createRole: true, verifier: adminVerifier });
    for (const name of used.roles) {
      if (!state.roles.has(name))
        state.add(name, { memberOf: [used.owner], settings: [`role=${used.owner}`] });
    }
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveSession(socket, {
      state,
      get method() {
        return method;
      },
      trouble: (on) => {
        const at = troubles.findIndex((each) => each.on === on);
        if (at !== -1) return troubles.splice(at, 1)[0]?.trouble;
        const striking = faults.take(on === 'write');
        // Heard after what goes on now, so after the trouble has been made.
        striking?.struck();
        return striking && troubleOf(striking.fault, on);
      },
      log: (text) => void log.push(text),
      changed: () => {
        effects += 1;
      },
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // Roles are known before `options()` is asked for, and again when they are named otherwise.
  setUp({});

  const issue = async (): Promise<IssuedKey> => {
    const password = newPassword();
    const resting = used.roles.find((name) => state.roles.get(name)?.canLogin !== true);
    const name = used.single ? used.roles[0] : resting;
    const role = state.roles.get(name ?? '');
    if (name === undefined || role === undefined) throw new Error('both emulated roles can log in already');
    Object.assign(role, { canLogin: true, verifier: await scramVerifier(password) });
    return used.single
      ? { id: password.fingerprint(), credential: { password } }
      : { id: name, credential: { username: new Secret(name), password } };
  };

  return {
    state,
    log,
    authenticateWith: (next) => {
      method = next;
    },
    breakNext: (on, trouble) => void troubles.push({ on, trouble }),
    options: (original = {}) => {
      setUp(original);
      const { host: _host, ca: _ca, ...kept } = original;
      return {
        ...(Object.keys(kept).length === 0 ? DEFAULTS : kept),
        host: '127.0.0.1',
        port,
        tls: 'off',
        admin: { username: used.admin, password: ADMIN_PASSWORD },
      };
    },
    resolve: (reference) => (reference === ADMIN_PASSWORD ? admin.reveal() : undefined),
    protocol: 'postgresql',
    inject: faults.inject,
    effects: () => effects,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
    issue,
    isLive: async ({ username, password }) => {
      const role = state.roles.get(username?.reveal() ?? used.roles[0] ?? '');
      return role?.canLogin === true && (await opens(role.verifier, password));
    },
    keys: async () =>
      used.roles.flatMap((name) => {
        const role = state.roles.get(name);
        if (role === undefined) return [];
        const { canLogin: active, comment } = role;
        return active || readMark(comment).label !== undefined ? [{ id: name, active }] : [];
      }),
  };
}

const DEFAULTS = { strategy: 'alternate', roles: ['app_a', 'app_b'], owner: 'app_rw', database: 'app' };

/** What matters of the options, whatever else they hold. */
function settingsOf(original: JsonObject) {
  const options: JsonObject = { ...DEFAULTS, ...original };
  const admin = options['admin'] as { readonly username?: string } | undefined;
  const single = options['strategy'] === 'single';
  return {
    single,
    roles: single ? [String(options['role'])] : (options['roles'] as readonly string[]),
    owner: String(options['owner']),
    database: String(options['database']),
    admin: admin?.username ?? 'keyturn',
  };
}

/** Whether a password is the one of a verifier: both halves of SCRAM, without a wire. */
async function opens(verifier: string | undefined, password: Secret | undefined): Promise<boolean> {
  if (verifier === undefined || password === undefined) return false;
  const salt = Buffer.from(/:([^$]+)\$/.exec(verifier)?.[1] ?? '', 'base64');
  return (await scramVerifier(password, salt)) === verifier;
}
