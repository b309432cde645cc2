import type { JsonObject } from '../../core/json.ts';
import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import { Secret } from '../../core/secret.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  type LoopbackServer,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';
import { failed, wrapped } from '../../lib/vault/emulator/answers.ts';
import { createLogins } from '../../lib/vault/emulator/logins.ts';
import { capabilitiesOn, health, type ServerState, system } from '../../lib/vault/emulator/system.ts';
import { createTokens } from '../../lib/vault/emulator/tokens.ts';
import { type EmulatedRole, emulatedRole } from './emulated-roles.ts';

export interface AppRoleEmulator extends IssuerEmulator {
  readonly server: LoopbackServer;
  readonly state: ServerState;
  readonly role: EmulatedRole;
}

/** A Vault with one AppRole: the one the options name. `now` decides when leases and secret ids end. */
export async function startAppRoleEmulator(now: () => number = Date.now): Promise<AppRoleEmulator> {
  const tokens = createTokens(now);
  const logins = createLogins(tokens);
  const role = emulatedRole(now);
  const state: ServerState = {
    sealed: false,
    healthStatus: 200,
    activeNode: undefined,
    policy: undefined,
    defaultPolicy: true,
    walIndex: undefined,
  };
  let home = 'auth/approle/role/shop';
  let effects = 0;

  const handle = (request: EmulatedRequest): EmulatedAnswer => {
    const path = request.path
      .replace(/^\/v1\//, '')
      .split('/')
      .map(decodeURIComponent)
      .join('/');
    if (path === 'sys/health') return health(state, request);
    if (state.sealed) return failed(503, 'Vault is sealed');
    const login = logins.handle(path, request);
    if (login !== undefined) return login;
    const token = tokens.use(request.headers['x-vault-token']?.toString());
    if (token === undefined) return failed(403, 'permission denied');
    return system(path, request, token, { state, tokens }) ?? ofRole(path, request);
  };

  const ofRole = (path: string, request: EmulatedRequest): EmulatedAnswer => {
    const granted = capabilitiesOn(path, state);
    const needed =
      request.query.get('list') === 'true' ? 'list' : request.method === 'GET' ? 'read' : 'update';
    if (!granted.includes('root') && !granted.includes(needed))
      return failed(403, wrapped('permission denied'));
    const [, before, name, place] = /^(auth\/.+?\/role)\/([^/]+)\/?(.*)$/.exec(path) ?? [];
    if (before === undefined) return failed(404, `no handler for route "${path}". route entry not found.`);
    if (`${before}/${name}` === home) return role.handle(place ?? '', request);
    if (place === '') return failed(404);
    const words = `role "${name}" does not exist`;
    return place === 'secret-id' ? failed(404, words) : failed(500, wrapped(words));
  };

  const server = await startLoopbackServer({
    isWrite: isSecretIdWrite,
    handle: (request) => {
      const answer = handle(request);
      if (isSecretIdWrite(request) && answer.status < 300) effects += 1;
      return answer;
    },
    errorBody: (status) => ({ body: failed(status, ...(WORDS[status] ?? [])).body ?? '' }),
  });

  return {
    server,
    state,
    role,
    options: (original: JsonObject = {}) => {
      // Namespaces, life times and blocks of addresses are the user's own; where the server is, is not.
      const { address: _address, ca: _ca, auth, ...kept } = original;
      home = `auth/${original['mount'] ?? 'approle'}/role/${original['role'] ?? 'shop'}`;
      return {
        role: 'shop',
        ...kept,
        address: server.url,
        auth: logins.optionsLike(auth as JsonObject | undefined),
      };
    },
    resolve: logins.resolve,
    inject: server.inject,
    effects: () => effects,
    stop: server.stop,
    issue: async () => {
      const { secretId, accessor } = role.make({});
      return { id: accessor, credential: { secretId: new Secret(secretId) } };
    },
    isLive: async (credential) =>
      role.live().some(({ secretId }) => secretId === credential['secretId']?.reveal()),
    keys: async () => role.live().map(({ accessor: id }) => ({ id, active: true })),
  };
}

export function isSecretIdWrite({ method, path }: EmulatedRequest): boolean {
  return method === 'POST' && /\/role\/[^/]+\/(secret-id|secret-id-accessor\/destroy)$/.test(path);
}

const WORDS: Readonly<Record<number, readonly string[]>> = {
  400: ['invalid request'],
  403: ['permission denied'],
  429: ['request path "auth/approle/role/shop/secret-id": rate limit quota exceeded'],
  500: ['1 error occurred:\n\t* internal error\n\n'],
  503: ['Vault is sealed'],
};
