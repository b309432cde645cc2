import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import { Secret } from '../../core/secret.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';
import { emulatedParts, ONE_PART } from '../../lib/issuer/emulated-parts.ts';
import { type EmulatedKey, newEmulatedKey } from './emulated-keys.ts';
import { emulatorOptions } from './emulator-options.ts';
import { optionsSchema } from './options.ts';

const TOKEN_REFERENCE = 'env:KEY_SERVICE_TOKEN';
const PAGE_SIZE = 10;
export const MOST_KEYS = 50;

const OPTIONAL = ['identify', 'list', 'deactivate', 'activate', 'delete', 'lastUsed'] as const;

/** A key service as companies write them for themselves: bearer token, cursor pages, idempotency keys, a quota. */
export async function startHttpEmulator(): Promise<IssuerEmulator> {
  const token = `admin-${randomBytes(16).toString('hex')}`;
  const keys = new Map<string, EmulatedKey>();
  const answered = new Map<string, EmulatedAnswer>();
  let parts = ONE_PART;
  let effects = 0;

  const make = (name: string): EmulatedKey => {
    const key = newEmulatedKey(name, parts);
    keys.set(key.id, key);
    return key;
  };
  const bySecret = (secret: string | undefined): EmulatedKey | undefined =>
    [...keys.values()].find((key) => key.active && key.parts[parts.secret] === secret);

  const create = (request: EmulatedRequest): EmulatedAnswer => {
    const once = request.headers['idempotency-key'];
    const before = typeof once === 'string' ? answered.get(once) : undefined;
    if (before !== undefined) return before;
    if (keys.size >= MOST_KEYS) return failure(422, 'key_limit', `at most ${MOST_KEYS} keys`);
    const { name } = JSON.parse(request.body) as { name: string };
    effects += 1;
    const made = json(201, { data: shown(make(name), true) });
    if (typeof once === 'string') answered.set(once, made);
    return made;
  };

  const list = ({ query }: EmulatedRequest): EmulatedAnswer => {
    const from = Number(query.get('cursor') ?? 0);
    const page = [...keys.values()].slice(from, from + PAGE_SIZE);
    const next = from + PAGE_SIZE < keys.size ? String(from + PAGE_SIZE) : null;
    return json(200, { data: page.map((key) => shown(key, false)), meta: { next } });
  };

  const onKey = (method: string, id: string, verb: string | undefined): EmulatedAnswer => {
    const key = keys.get(id);
    if (key === undefined) return failure(404, 'not_found', 'no such key');
    if (method === 'GET' && verb === 'usage') return json(200, { last_used_at: key.lastUsedAt });
    if (method === 'DELETE') keys.delete(id);
    else if (verb === 'disable' || verb === 'enable') key.active = verb === 'enable';
    else return failure(404, 'not_found', 'no such path');
    effects += 1;
    return { status: 204 };
  };

  const whoami = (bearer: string | undefined): EmulatedAnswer => {
    const key = bySecret(bearer);
    if (key === undefined) return failure(401, 'unauthorized', 'the key is not valid');
    key.lastUsedAt = new Date().toISOString();
    return json(200, { account: { id: 42, name: 'Checkout' } });
  };

  const server = await startLoopbackServer({
    isWrite: (request) => request.method !== 'GET',
    handle: (request) => {
      const bearer = request.headers.authorization?.replace(/^Bearer /, '');
      if (request.path === '/v1/whoami') return whoami(bearer);
      if (bearer !== token) return failure(401, 'unauthorized', 'the token is not valid');
      const [, , collection, id, verb] = request.path.split('/').map(decodeURIComponent);
      if (collection !== 'keys') return failure(404, 'not_found', 'no such path');
      if (id !== undefined) return onKey(request.method, id, verb);
      return request.method === 'POST' ? create(request) : list(request);
    },
    errorBody: (status) => failure(status, 'failed', `status ${status}`),
  });

  return {
    options: (original) => {
      if (original === undefined) return emulatorOptions(server.url, TOKEN_REFERENCE, parts);
      const theirs = optionsSchema.parse(original);
      parts = emulatedParts(Object.keys(theirs.create.parts), theirs.keyId);
      const all = emulatorOptions(server.url, TOKEN_REFERENCE, parts);
      // What their config cannot do, the rehearsal of it cannot do either.
      const lacking = OPTIONAL.filter((name) => theirs[name] === undefined);
      return Object.fromEntries(
        Object.entries(all).filter(([name]) => !lacking.some((lack) => lack === name)),
      );
    },
    resolve: (reference) => (reference === TOKEN_REFERENCE ? token : undefined),
    inject: server.inject,
    effects: () => effects,
    stop: server.stop,
    issue: async () => {
      const key = make('made by hand');
      const secrets = Object.entries(key.parts).map(([name, value]) => [name, new Secret(value)]);
      return { id: key.id, credential: Object.fromEntries(secrets) };
    },
    isLive: async (credential) => bySecret(credential[parts.secret]?.reveal()) !== undefined,
    keys: async () => [...keys.values()].map(({ id, active }) => ({ id, active })),
  };
}

function shown(key: EmulatedKey, withParts: boolean): JsonObject {
  const { id, name, createdAt, active } = key;
  const status = active ? 'enabled' : 'disabled';
  return { id, name, status, created_at: createdAt, ...(withParts ? { parts: key.parts } : {}) };
}

function failure(status: number, code: string, message: string): Required<EmulatedAnswer> {
  return json(status, { error: { code, message } });
}

function json(status: number, body: JsonObject): Required<EmulatedAnswer> {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
