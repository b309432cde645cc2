import { randomBytes } from 'node:crypto';
import { VALUE_PART } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';
import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import { Secret } from '../../core/secret.ts';
import { createEmulatedSessions } from '../../lib/conjur/emulator/sessions.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';
import { roleOf } from './role.ts';

export interface ConjurKeyEmulator extends IssuerEmulator {
  /** What keyturn may do to the role; empty: it does not even see it. */
  readonly privileges: Set<string>;
  /** A follower or a standby takes no writes. */
  makeReadOnly(): void;
}

const API_KEY = 'env:CONJUR_KEY_EMULATOR_API_KEY';
const JWT = 'env:CONJUR_KEY_EMULATOR_JWT';

/** A Conjur with two roles: keyturn's own, and the one whose key is rotated. */
export async function startConjurKeyEmulator(): Promise<ConjurKeyEmulator> {
  // Its API keys are random; one sessions object is one identity.
  const admin = createEmulatedSessions();
  const target = createEmulatedSessions();
  const jwt = randomBytes(48).toString('base64url');
  const privileges = new Set(['read', 'update']);
  let readOnly = false;
  let effects = 0;
  let used = settingsOf({});

  const authenticate = (segments: readonly string[], body: string): EmulatedAnswer => {
    const [area, first, second] = segments;
    const roles = [
      { login: used.self, sessions: admin },
      { login: used.role.login, sessions: target },
    ];
    const byKey = roles.find(({ login, sessions }) => second === login && body === sessions.apiKey());
    if (area === 'authn' && first === used.account && byKey !== undefined) {
      return json(200, JSON.parse(byKey.sessions.issue(byKey.login)));
    }
    const byToken =
      area === 'authn-jwt' && second === used.account && new URLSearchParams(body).get('jwt') === jwt;
    return byToken ? json(200, JSON.parse(admin.issue(used.self))) : { status: 401 };
  };

  const rotate = (request: EmulatedRequest): EmulatedAnswer => {
    const wanted = request.query.get('role');
    // A token is not enough to rotate one's own key: only the key itself is.
    if (wanted === null) return error(401, 'unauthorized', 'Credential strength is insufficient');
    if (readOnly) return json(405, { error: { code: 405, message: 'Write operations are not allowed' } });
    if (wanted.replace(`${used.account}:`, '') !== used.role.name || privileges.size === 0) {
      return error(
        404,
        'not_found',
        `CONJ00123E Resource '${wanted}' requested by role '${used.self}' not found`,
      );
    }
    if (!privileges.has('update')) return { status: 403 };
    effects += 1;
    return {
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: target.rotateApiKey(),
    };
  };

  const handle = (request: EmulatedRequest): EmulatedAnswer => {
    const segments = request.path.split('/').slice(1).map(decodeURIComponent);
    if (request.method === 'POST' && segments.at(-1) === 'authenticate')
      return authenticate(segments, request.body);
    const { authorization } = request.headers;
    if (!admin.accepts(authorization)) return { status: 401 };
    const [area, account, kind, ...rest] = segments;
    if (area === 'whoami') return json(200, { account: used.account, username: used.self });
    if (isRotation(request)) return rotate(request);
    if (area === 'resources' && account === used.account && `${kind}:${rest.join('/')}` === used.role.name) {
      return { status: privileges.has(request.query.get('privilege') ?? '') ? 204 : 404 };
    }
    return error(404, 'not_found', `Not found: ${segments.join(':')}`);
  };

  const server = await startLoopbackServer({
    isWrite: isRotation,
    handle,
    errorBody: (status) => ({
      body: [404, 405, 409, 422].includes(status) ? (error(status, 'injected', 'injected').body ?? '') : '',
    }),
  });

  return {
    privileges,
    makeReadOnly: () => {
      readOnly = true;
    },
    options: (original: JsonObject = {}) => {
      used = settingsOf(original);
      const { auth, role = 'host:apps/shop' } = original;
      const { method } = (auth ?? {}) as JsonObject;
      return {
        address: server.url,
        account: used.account,
        role,
        auth:
          method === 'jwt'
            ? { ...(auth as JsonObject), token: JWT }
            : { method: 'api-key', login: used.self, apiKey: API_KEY },
      };
    },
    resolve: (reference) => ({ [API_KEY]: admin.apiKey(), [JWT]: jwt })[reference],
    inject: server.inject,
    effects: () => effects,
    stop: server.stop,
    issue: async () => {
      const value = new Secret(target.rotateApiKey());
      return { id: value.fingerprint(), credential: { [VALUE_PART]: value } };
    },
    isLive: async (credential) => credential[VALUE_PART]?.reveal() === target.apiKey(),
    keys: async () => [{ id: new Secret(target.apiKey()).fingerprint(), active: true }],
  };
}

function isRotation({ method, path }: EmulatedRequest): boolean {
  return method === 'PUT' && path.endsWith('/api_key');
}

/** The user's own account and logins, so that a rehearsal says what the rotation will say. */
function settingsOf(original: JsonObject) {
  const auth = (original['auth'] ?? {}) as JsonObject;
  return {
    account: String(original['account'] ?? 'emulated'),
    self: String(auth['login'] ?? auth['host'] ?? 'host/keyturn'),
    role: roleOf(String(original['role'] ?? 'host:apps/shop')),
  };
}

function error(status: number, code: string, message: string): EmulatedAnswer {
  return json(status, { error: { code, message } });
}

function json(status: number, document: unknown): EmulatedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(document),
  };
}
