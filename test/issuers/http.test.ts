import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { IssuerEmulator } from '../../src/core/plugins/emulator.ts';
import { Secret } from '../../src/core/secret.ts';
import { MOST_KEYS, startHttpEmulator } from '../../src/issuers/http/emulator.ts';
import { plugin } from '../../src/issuers/http/index.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  startLoopbackServer,
} from '../../src/lib/emulator/loopback-server.ts';
import { CALL, openIssuer, refusal, refusalOf } from './open-issuer.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function keyService(): Promise<IssuerEmulator> {
  const emulator = await startHttpEmulator();
  stops.push(emulator.stop);
  return emulator;
}

/** An API of two requests that answers as told, and what it was asked. */
async function apiThat(answer: (request: EmulatedRequest) => EmulatedAnswer) {
  const server = await startLoopbackServer({
    isWrite: (request) => request.method !== 'GET',
    handle: answer,
  });
  stops.push(server.stop);
  const create = { method: 'POST', path: '/keys', body: { name: '{{label}}' }, parts: { value: 'secret' } };
  return {
    requests: server.requests,
    open: (options: JsonObject) =>
      openIssuer(plugin, { address: server.url, create, ...options }, { resolve: () => 'admin-token' }),
    create,
  };
}

const json = (body: unknown, status = 200): EmulatedAnswer => ({ status, body: JSON.stringify(body) });
const accepts = async (options: JsonObject): Promise<boolean> =>
  (await plugin.options()).safeParse(options).success;
const KEY = { value: new Secret('hk-123456789') };
const IDENTIFY = {
  method: 'GET',
  path: '/me',
  headers: { authorization: 'Bearer {{value}}' },
  principal: { id: 'owner' },
};

describe('requests', () => {
  it('carry the label in body and idempotency header, encoded so that it cannot break out', async () => {
    const api = await apiThat(() => json({ secret: 'new-secret-value' }, 201));
    const issuer = await api.open({ create: { ...api.create, idempotencyHeader: 'Idempotency-Key' } });
    await issuer.createKey('label-"}-1', CALL);
    expect(JSON.parse(api.requests[0]?.body ?? '')).toEqual({ name: 'label-"}-1' });
    expect(api.requests[0]?.headers['idempotency-key']).toBe('label-"}-1');
  });

  it('take our own credential along, except where the key has to speak for itself', async () => {
    const api = await apiThat(() => json({ secret: 'new-secret-value', owner: 'me' }));
    const auth = { 'x-admin': { prefix: 'Token ', value: 'env:ADMIN' } };
    const issuer = await api.open({ auth, identify: IDENTIFY });
    await issuer.createKey('label', CALL);
    await issuer.identify?.(KEY, CALL);
    expect(api.requests.map(({ headers }) => headers['x-admin'])).toEqual(['Token admin-token', undefined]);
    expect(api.requests[1]?.headers.authorization).toBe('Bearer hk-123456789');
  });

  it('can prove a pair by basic authentication', async () => {
    const api = await apiThat(() => json({ owner: 'me' }));
    const issuer = await api.open({
      create: { ...api.create, parts: { username: 'u', password: 'p' } },
      identify: {
        ...IDENTIFY,
        headers: {},
        basic: { username: '{{username}}', password: '{{password}}' },
      },
    });
    await issuer.identify?.({ username: new Secret('ann'), password: new Secret('pass:word') }, CALL);
    const sent = api.requests[0]?.headers.authorization?.replace('Basic ', '') ?? '';
    expect(Buffer.from(sent, 'base64').toString()).toBe('ann:pass:word');
  });

  it('are known not to have been sent when the stop came first', async () => {
    const api = await apiThat(() => json({ secret: 'new-secret-value' }));
    const issuer = await api.open({});
    await refusal(issuer.createKey('label', { signal: AbortSignal.abort() }), 'ABORTED');
    expect(api.requests).toEqual([]);
  });

  it('keep the id of a key inside its place in the path', async () => {
    const api = await apiThat(() => ({ status: 204 }));
    const issuer = await api.open({
      keyId: { part: 'value' },
      delete: { method: 'DELETE', path: '/keys/{{keyId | url}}' },
    });
    await issuer.deleteKey?.({ id: '../users/1?x=y' }, CALL);
    expect(api.requests[0]?.url).toBe('/keys/..%2Fusers%2F1%3Fx%3Dy');
  });
});

describe('the config', () => {
  const create = { method: 'POST', path: '/keys', parts: { value: 'secret' } };
  const address = 'https://keys.example.com';

  it('refuses what could send a credential astray', async () => {
    expect(await accepts({ address, create })).toBe(true);
    expect(await accepts({ address: 'http://keys.example.com', create })).toBe(false);
    expect(await accepts({ address: 'https://user:pass@keys.example.com', create })).toBe(false);
    expect(await accepts({ address, create: { ...create, path: '//evil.example.com/' } })).toBe(false);
    expect(await accepts({ address, create: { ...create, path: '/keys/{{label}}' } })).toBe(false);
    expect(await accepts({ address, create: { ...create, expect: [302] } })).toBe(false);
    expect(await accepts({ address, create, auth: { authorization: { value: 'literal' } } })).toBe(false);
  });

  it('refuses to switch keys off whose id it cannot know', async () => {
    const deactivate = { method: 'POST', path: '/keys/{{keyId | url}}/off' };
    expect(await accepts({ address, create, deactivate })).toBe(false);
    expect(await accepts({ address, create, deactivate, keyId: { part: 'other' } })).toBe(false);
    expect(await accepts({ address, create, deactivate, keyId: { part: 'value' } })).toBe(true);
  });

  it.each([
    { create: { ...create, body: { deep: [{ name: '{{lable}}' }] } } },
    { create, identify: { ...IDENTIFY, headers: { authorization: '{{password}}' } } },
    { create, keyId: { part: 'value' }, delete: { method: 'DELETE', path: '/keys/{{value | url}}' } },
  ])('names a placeholder that it will not be able to fill, before anything is sent: %j', async (options) => {
    await refusal(openIssuer(plugin, { address, ...options }), 'CONFIG_INVALID');
  });

  it('gives just the methods whose requests it has', async () => {
    const issuer = await openIssuer(plugin, { address, create });
    const optional = [
      'identify',
      'listKeys',
      'deactivateKey',
      'activateKey',
      'deleteKey',
      'lastUsed',
    ] as const;
    expect(optional.filter((name) => issuer[name] !== undefined)).toEqual([]);
  });
});

describe('answers', () => {
  it.each([
    ['no JSON', { status: 201, body: 'made!' }],
    ['no secret where it should be', json({ secret: '' }, 201)],
    ['a status nobody described', json({ secret: 'new-secret-value' }, 202)],
  ])('a create with %s may have made a key', async (_what, answer) => {
    const api = await apiThat(() => answer);
    const issuer = await api.open({ create: { ...api.create, expect: [201] } });
    expect((await refusal(issuer.createKey('label', CALL), 'INDETERMINATE')).message).not.toContain(
      'new-secret',
    );
  });

  it('a quota is told from other refusals of the same status', async () => {
    const limit = { status: 422, where: { path: 'error.code', equals: 'quota' } };
    for (const [code, expected] of [
      ['quota', 'LIMIT_REACHED'],
      ['name', 'REFUSED'],
    ] as const) {
      const api = await apiThat(() => json({ error: { code } }, 422));
      const issuer = await api.open({ create: { ...api.create, limit } });
      await refusal(issuer.createKey('label', CALL), expected);
    }
  });

  it('a key is dead by a described status, or by what a 200 says of it', async () => {
    const gone = await apiThat(() => json({}, 404));
    const byStatus = await gone.open({ identify: { ...IDENTIFY, dead: [401, 404] } });
    await refusal(byStatus.identify?.(KEY, CALL) ?? Promise.resolve(), 'UNAUTHENTICATED');
    const off = await apiThat(() => json({ owner: 'me', active: false }));
    const alive = { path: 'active', equals: true };
    const byBody = await off.open({ identify: { ...IDENTIFY, alive } });
    await refusal(byBody.identify?.(KEY, CALL) ?? Promise.resolve(), 'UNAUTHENTICATED');
  });

  it('a principal that is not there is not somebody', async () => {
    const api = await apiThat(() => json({}));
    const issuer = await api.open({ identify: IDENTIFY });
    await refusal(issuer.identify?.(KEY, CALL) ?? Promise.resolve(), 'UNAVAILABLE');
  });

  it('"never used" has to be said: an absent time is a mistake in the config', async () => {
    const lastUsed = { method: 'GET', path: '/usage', at: 'at' };
    const ask = async (body: unknown) => {
      const api = await apiThat(() => json(body));
      const issuer = await api.open({ keyId: { part: 'value' }, lastUsed });
      return issuer.lastUsed?.({ id: 'k' }, CALL) ?? Promise.reject(new Error('no lastUsed'));
    };
    expect(await ask({ at: null })).toEqual({ lastUsedAt: undefined });
    expect(await ask({ at: '2030-01-31T12:00:00Z' })).toEqual({ lastUsedAt: '2030-01-31T12:00:00.000Z' });
    expect(await ask({ at: 1_896_091_200 })).toEqual({ lastUsedAt: '2030-01-31T12:00:00.000Z' });
    await refusal(ask({ other: 1 }), 'UNAVAILABLE');
    await refusal(ask({ at: 'yesterday' }), 'UNAVAILABLE');
  });

  it('a list that is not there is not an empty one, and pages that lead in circles end', async () => {
    const list = { method: 'GET', path: '/keys', items: 'data', id: 'id' };
    const none = await (await apiThat(() => json({ keys: [] }))).open({ list });
    await refusal(none.listKeys?.(CALL) ?? Promise.resolve(), 'UNAVAILABLE');
    const circle = await apiThat(() => json({ data: [], next: 'again' }));
    const next = { cursor: 'next', parameter: 'after' };
    const issuer = await circle.open({ list: { ...list, next } });
    await refusal(issuer.listKeys?.(CALL) ?? Promise.resolve(), 'UNAVAILABLE');
    expect(circle.requests[1]?.query.get('after')).toBe('again');
  });
});

describe('the id of a key', () => {
  it('may be a part of its own', async () => {
    const api = await apiThat(() => json({ id: 77, secret: 'new-secret-value' }));
    const parts = { value: 'secret', id: 'id' };
    const issuer = await api.open({ create: { ...api.create, parts }, keyId: { part: 'id' } });
    const issued = await issuer.createKey('label', CALL);
    expect(issued.id).toBe('77');
    expect(issuer.keyIdOf(issued.credential)).toBe('77');
  });

  it('that a new key does not tell is told before the key is used: by another name it could not be removed', async () => {
    const api = await apiThat(() => json({ secret: 'made-otherwise-today' }, 201));
    const issuer = await api.open({ keyId: { part: 'value', pattern: '^(hk_\\w+)_' } });
    const { credential } = await issuer.createKey('label', CALL);
    const error = await refusalOf(() => issuer.validate(credential), 'REFUSED');
    expect(error.hint).toContain('`keyId`');
    expect(() => issuer.validate({ value: new Secret('hk_123_made-as-ever') })).not.toThrow();
  });

  it('that an old key does not tell stops the rotation before it begins', async () => {
    const api = await apiThat(() => json({}));
    const issuer = await api.open({ keyId: { part: 'value', pattern: '^(hk_\\w+)_' } });
    expect(await issuer.preflight({ value: new Secret('made-by-hand') }, CALL)).toEqual([
      expect.objectContaining({ severity: 'error', code: 'NOT_FOUND' }),
    ]);
  });
});

describe('against the key service', () => {
  it('says that the quota is reached, in preflight where it is configured', async () => {
    const emulator = await keyService();
    for (let made = 0; made < MOST_KEYS; made += 1) await emulator.issue();
    const old = await emulator.issue();
    const issuer = await openIssuer(plugin, { ...emulator.options(), maxKeys: MOST_KEYS }, emulator);
    await refusal(issuer.createKey('label', CALL), 'LIMIT_REACHED');
    const findings = await issuer.preflight(old.credential, CALL);
    expect(findings).toContainEqual(expect.objectContaining({ severity: 'error', code: 'LIMIT_REACHED' }));
  });

  it('rehearses with the names of parts of the user’s own config', async () => {
    const emulator = await keyService();
    const parts = { login: 'a', id: 'b', password: 'c' };
    const create = { method: 'POST', path: '/x', parts };
    const deactivate = { method: 'POST', path: '/x/{{keyId | url}}' };
    const config = { address: 'https://x.example', create, deactivate, keyId: { part: 'id' } };
    const issuer = await openIssuer(plugin, emulator.options(config), emulator);
    const issued = await issuer.createKey('label', CALL);
    expect(Object.keys(issued.credential)).toEqual(Object.keys(parts));
    expect(issued.id).toBe(issued.credential['id']?.reveal());
    await issuer.deactivateKey?.({ id: issued.id }, CALL);
    expect(await emulator.isLive(issued.credential)).toBe(false);
    // What the config does not describe, a rehearsal of it cannot do either.
    expect([issuer.identify, issuer.listKeys, issuer.activateKey, issuer.deleteKey]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
