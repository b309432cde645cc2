import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { Issuer } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { plugin } from '../../src/issuers/http/index.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  startLoopbackServer,
} from '../../src/lib/emulator/loopback-server.ts';
import { selfSignedCertificate } from '../lib/self-signed.ts';
import { CALL, openIssuer, refusal } from './open-issuer.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const CREATE = { method: 'POST', path: '/keys', parts: { value: 'secret' } };
const LIST = { method: 'GET', path: '/keys', items: 'data', id: 'id' };

/** An API that answers as told. */
async function apiThat(answer: (request: EmulatedRequest) => EmulatedAnswer) {
  const { url, requests, stop } = await startLoopbackServer({ isWrite: () => true, handle: answer });
  stops.push(stop);
  const open = (options: JsonObject): Promise<Issuer> =>
    openIssuer(plugin, { address: url, create: CREATE, keyId: { part: 'value' }, ...options });
  return { requests, open };
}

const json = (body: unknown, status = 200): EmulatedAnswer => ({ status, body: JSON.stringify(body) });
const KEY = { value: new Secret('hk-123456789') };

describe('a body', () => {
  it('keeps what is no text as it is, and is sent as it is where it is text', async () => {
    const api = await apiThat(() => json({ secret: 'new-secret-value' }));
    const body = { name: '{{label}}', days: 30, admin: false, team: null, tags: ['{{label}}', 1] };
    await (await api.open({ create: { ...CREATE, body } })).createKey('l1', CALL);
    await (await api.open({ create: { ...CREATE, body: 'name={{label | url}}' } })).createKey('l 2', CALL);
    await (await api.open({ create: { ...CREATE, body: '' } })).createKey('l3', CALL);
    const sent = api.requests.map((request) => request.body);
    expect(JSON.parse(sent[0] ?? '')).toEqual({ ...body, name: 'l1', tags: ['l1', 1] });
    expect(sent.slice(1)).toEqual(['name=l%202', '']);
  });
});

describe('a list', () => {
  const listed = async (options: JsonObject, answer: (request: EmulatedRequest) => EmulatedAnswer) => {
    const api = await apiThat(answer);
    const issuer = await api.open({ list: { ...LIST, ...options } });
    return { keys: await issuer.listKeys?.(CALL), requests: api.requests };
  };

  it('tells of a key what it knows, and nothing more', async () => {
    const options = { label: 'name', createdAt: 'made', active: { path: 'on', equals: true } };
    const { keys } = await listed(options, () =>
      json({
        data: [
          { id: 1, name: 'l', made: '2030-01-31', on: true },
          { id: 'b', name: '', on: false },
        ],
      }),
    );
    expect(keys).toEqual([
      { id: '1', status: 'active', label: 'l', createdAt: '2030-01-31' },
      { id: 'b', status: 'inactive' },
    ]);
  });

  it.each([
    ['text', 'a/b', 'a%2Fb'],
    ['a number', 2, '2'],
  ])('goes on where the cursor, %s, leads, beside a query of its own', async (_what, cursor, sent) => {
    const options = { path: '/keys?size=1', next: { cursor: 'next', parameter: 'after' } };
    const { keys, requests } = await listed(options, ({ query }) =>
      query.has('after')
        ? json({ data: [{ id: 'z' }], next: null })
        : json({ data: [{ id: 'a' }], next: cursor }),
    );
    expect(keys?.map(({ id }) => id)).toEqual(['a', 'z']);
    expect(requests.map(({ url }) => url)).toEqual(['/keys?size=1', `/keys?size=1&after=${sent}`]);
  });

  it.each([[true], [{ url: '/keys?after=b' }], [['b']]])(
    'whose next page is said to be at %j is not the whole list',
    async (cursor) => {
      const next = { cursor: 'next', parameter: 'after' };
      const error = await refusal(
        listed({ next }, () => json({ data: [{ id: 'a' }], next: cursor })),
        'UNAVAILABLE',
      );
      expect(error.hint).toBe('Check `list.next.cursor`.');
    },
  );

  it.each([[null], [''], [false], [undefined]])('ends where the cursor is %j', async (cursor) => {
    const next = { cursor: 'next', parameter: 'after' };
    const { keys } = await listed({ next }, () => json({ data: [{ id: 'a' }], next: cursor }));
    expect(keys?.map(({ id }) => id)).toEqual(['a']);
  });

  it('that leads to the same page again is given up at once', async () => {
    const next = { cursor: 'next', parameter: 'after' };
    const api = await apiThat(() => json({ data: [{ id: 'a' }], next: 'b' }));
    const issuer = await api.open({ list: { ...LIST, next } });
    await refusal(issuer.listKeys?.(CALL) ?? Promise.resolve(), 'UNAVAILABLE');
    expect(api.requests).toHaveLength(2);
  });

  it('with a key that has no id is not a list of the others', async () => {
    const error = await refusal(
      listed({}, () => json({ data: [{ id: 'a' }, { name: 'b' }] })),
      'UNAVAILABLE',
    );
    expect(error.hint).toBe('Check `list.id`.');
  });

  it('that is denied is not empty', async () => {
    await refusal(
      listed({}, () => json({}, 403)),
      'PERMISSION_DENIED',
    );
  });
});

describe('a change', () => {
  const key = { path: '/keys/{{keyId | url}}' };
  const changes = {
    deactivate: { method: 'POST', ...key },
    activate: { method: 'PUT', ...key },
    delete: { method: 'DELETE', ...key },
  };
  const answering = async (status: number): Promise<Issuer> =>
    (await apiThat(() => ({ status }))).open(changes);

  it.each([404, 410])(
    'of a key that is gone (%i) is a delete that succeeded, and nothing else',
    async (status) => {
      const issuer = await answering(status);
      await issuer.deleteKey?.({ id: 'k' }, CALL);
      await refusal(Promise.resolve(issuer.deactivateKey?.({ id: 'k' }, CALL)), 'NOT_FOUND');
      await refusal(Promise.resolve(issuer.activateKey?.({ id: 'k' }, CALL)), 'NOT_FOUND');
    },
  );

  it('that is denied was not made', async () => {
    const issuer = await answering(403);
    await refusal(Promise.resolve(issuer.deleteKey?.({ id: 'k' }, CALL)), 'PERMISSION_DENIED');
    await refusal(Promise.resolve(issuer.deactivateKey?.({ id: 'k' }, CALL)), 'PERMISSION_DENIED');
  });

  it('makes no sense in one direction only', async () => {
    const schema = await plugin.options();
    const base = { address: 'https://keys.example.com', create: CREATE, keyId: { part: 'value' } };
    expect(schema.safeParse({ ...base, activate: changes.activate }).success).toBe(false);
    expect(schema.safeParse({ ...base, ...changes }).success).toBe(true);
    expect(schema.safeParse({ ...base, formats: { other: '.+' } }).success).toBe(false);
  });
});

describe('the other answers', () => {
  it('a status alone may say that the quota is reached', async () => {
    const api = await apiThat(() => ({ status: 409, body: 'too many' }));
    const plain = await api.open({ create: { ...CREATE, limit: { status: 409 } } });
    await refusal(plain.createKey('label', CALL), 'LIMIT_REACHED');
    const where = { path: 'code', equals: 'quota' };
    const told = await api.open({ create: { ...CREATE, limit: { status: 409, where } } });
    await refusal(told.createKey('label', CALL), 'CONFLICT');
  });

  it('the last use may be seconds or milliseconds, and a refusal is not "never"', async () => {
    const lastUsed = { method: 'GET', path: '/usage', at: 'at' };
    const ask = async (body: unknown, status = 200) => {
      const issuer = await (await apiThat(() => json(body, status))).open({ lastUsed });
      return issuer.lastUsed?.({ id: 'k' }, CALL);
    };
    const then = { lastUsedAt: '2030-01-31T12:00:00.000Z' };
    expect(await ask({ at: 1_896_091_200 })).toEqual(then);
    expect(await ask({ at: 1_896_091_200_000 })).toEqual(then);
    await refusal(ask({ at: true }), 'UNAVAILABLE');
    await refusal(ask({ at: null }, 404), 'NOT_FOUND');
  });

  it('a principal is shown by its id where it has no name', async () => {
    const identify = { method: 'GET', path: '/me', principal: { id: 'id', display: 'name' } };
    const issuer = await (await apiThat(() => json({ id: 7, name: '' }))).open({ identify });
    expect(await issuer.identify?.(KEY, CALL)).toEqual({ id: '7', display: '7' });
  });

  it('a key without an id of its own has its fingerprint', async () => {
    const issuer = await (await apiThat(() => json({ secret: 'new-secret-value' }))).open({
      keyId: undefined,
    });
    const issued = await issuer.createKey('label', CALL);
    expect(issued.id).toBe(issued.credential['value']?.fingerprint());
  });
});

it('an API behind a private authority is trusted by the certificate that is given, and by no other', async () => {
  const { key, cert } = selfSignedCertificate();
  const server = createServer({ key, cert }, (_request, response) => {
    response.end('{"secret":"new-secret-value"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(() => resolve())));
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const trusting = await openIssuer(
    plugin,
    { address, create: CREATE, ca: 'file:ca.pem' },
    { resolve: () => cert },
  );
  expect((await trusting.createKey('label', CALL)).credential['value']?.reveal()).toBe('new-secret-value');
  await trusting.close?.();
  const wary = await openIssuer(plugin, { address, create: CREATE });
  await refusal(wary.createKey('label', CALL), 'UNAVAILABLE');
  await wary.close?.();
});
