import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store } from '../../src/core/plugins/store.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  startLoopbackServer,
} from '../../src/lib/emulator/loopback-server.ts';
import { plugin } from '../../src/stores/http/index.ts';
import { openStore, restorationOf } from './support/open-store.ts';
import { secretsOf, writing } from './support/writes.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const READ = { method: 'GET', path: '/{{ref | path}}/{{field | url}}', value: 'value' };
const WRITE = { method: 'PUT', path: '/{{ref | path}}/{{field | url}}', body: { value: '{{value}}' } };
const SLOT: Slot = { ref: 'a b/c', fields: ['key'] };

/** An API that answers as told. */
async function apiThat(answer: (request: EmulatedRequest) => EmulatedAnswer) {
  const { url, requests, stop } = await startLoopbackServer({ isWrite: () => true, handle: answer });
  stops.push(stop);
  const open = (options: JsonObject = {}): Promise<Store> =>
    openStore(plugin, { address: url, read: READ, write: WRITE, ...options });
  return { requests, open, url };
}

const json = (body: unknown, headers = {}): EmulatedAnswer => ({
  status: 200,
  body: JSON.stringify(body),
  headers,
});

describe('what is read', () => {
  const reading = async (read: JsonObject, body: unknown, headers = {}) => {
    const api = await apiThat(() => json(body, headers));
    const write = read['fields'] === undefined ? WRITE : { ...WRITE, path: '/x', body: { v: '{{values}}' } };
    const path = read['fields'] === undefined ? READ.path : '/x';
    const store = await api.open({ read: { method: 'GET', path, ...read }, write });
    return store.read(SLOT, writing());
  };

  it.each([
    [{ value: 'value' }, {}, 'nothing at value'],
    [{ value: 'value' }, { value: 12 }, 'is no text'],
    [{ value: 'value' }, { value: {} }, 'is no text'],
    [{ fields: 'data' }, {}, 'no mapping at data'],
    [{ fields: 'data' }, { data: [] }, 'no mapping at data'],
    [{ fields: 'data' }, { data: { key: 12 } }, 'is no text'],
    [{ value: 'value', version: { path: 'v' } }, { value: 'k' }, 'no version'],
    [{ value: 'value', version: { header: 'ETag' } }, { value: 'k' }, 'no version'],
  ])('%j of %j is no empty slot', async (read, body, reason) => {
    await expect(reading(read, body)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(reason),
    });
  });

  it.each([
    [{ value: 'value' }, { value: null }],
    [{ value: 'value' }, { value: '' }],
    [{ fields: 'data' }, { data: { other: 'x' } }],
    [{ fields: 'data' }, { data: Object.create({ key: 'inherited' }) as unknown }],
  ])('%j of %j is a slot without the field', async (read, body) => {
    expect((await reading(read, body))?.fields).toEqual({});
  });

  it('has the version and the time the answer tells', async () => {
    const read = { value: 'value', version: { header: 'ETag' }, updatedAt: 'at' };
    const stored = await reading(read, { value: 'k', at: '2030-01-31T13:00:00+01:00' }, { etag: 'W/"7"' });
    expect([stored?.version, stored?.updatedAt]).toEqual(['W/"7"', '2030-01-31T12:00:00.000Z']);
  });

  it('may be missing in another way than 404', async () => {
    const api = await apiThat(() => ({ status: 410 }));
    const read = { ...READ, missing: [404, 410] };
    expect(await (await api.open({ read })).read(SLOT, writing())).toBeUndefined();
    await expect((await api.open()).read(SLOT, writing())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('what is sent', () => {
  it('keeps the slashes of a ref where the config says so, and nothing else', async () => {
    const api = await apiThat(() => json({ value: 'k' }));
    await (await api.open()).read({ ref: 'a b/c?d#e', fields: ['x/y'] }, writing());
    expect(api.requests[0]?.url).toBe('/a%20b/c%3Fd%23e/x%2Fy');
  });

  it.each(['/elsewhere.example', '../../admin', 'a/../b'])(
    'never leaves its place for the ref %j',
    async (ref) => {
      const api = await apiThat(() => json({ value: 'k' }));
      const attempt = (await api.open()).read({ ...SLOT, ref }, writing());
      await expect(attempt).rejects.toMatchObject({ code: 'REFUSED' });
      expect(api.requests).toEqual([]);
    },
  );

  it('carries the trail of the rotation, and a value within its quotes only', async () => {
    const api = await apiThat(() => json({}));
    const headers = { 'Idempotency-Key': '{{idempotencyToken}}', 'content-type': 'application/json' };
    const body = '{"by": "{{rotationId | json}}", "value": "{{value | json}}"}';
    const store = await api.open({ write: { ...WRITE, headers, body } });
    const call = writing();
    await store.write(SLOT, secretsOf({ key: 'a"b\\{{ref}}' }), undefined, call);
    expect(JSON.parse(api.requests[0]?.body ?? '')).toEqual({ by: 'rot-1', value: 'a"b\\{{ref}}' });
    expect(api.requests[0]?.headers['idempotency-key']).toBe(call.idempotencyToken);
  });

  it('puts a mapping of values in the place of its placeholder and nowhere else', async () => {
    const api = await apiThat(() => json({}));
    const read = { method: 'GET', path: '/x', fields: 'data' };
    const body = { data: '{{ values }}', note: 'of {{ref}}' };
    const store = await api.open({ read, write: { method: 'PATCH', path: '/x', body } });
    const own = { ref: 'r', fields: ['a', 'b'] };
    await store.write(own, secretsOf({ a: '{{values}}', b: '{{ref}}', c: 'not ours' }), undefined, writing());
    expect(JSON.parse(api.requests[0]?.body ?? '')).toEqual({
      data: { a: '{{values}}', b: '{{ref}}' },
      note: 'of r',
    });
  });
});

describe('the answer to a write', () => {
  const writingTo = async (answer: EmulatedAnswer, write: JsonObject = {}) => {
    const api = await apiThat(() => answer);
    const store = await api.open({ write: { ...WRITE, ...write } });
    return store.write(SLOT, secretsOf({ key: 'new-key-of-ours' }), undefined, writing());
  };

  it.each([
    [
      'a web page',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
      {},
      'INDETERMINATE',
    ],
    [
      'no JSON where a version should be',
      { status: 200, body: 'OK' },
      { version: { path: 'v' } },
      'INDETERMINATE',
    ],
    ['a status that was not expected', { status: 202 }, { expect: [200] }, 'INDETERMINATE'],
    ['409', { status: 409 }, {}, 'CONFLICT'],
    ['a conflict in its own words', { status: 400 }, { conflict: [400] }, 'CONFLICT'],
    ['400', { status: 400, body: 'new-key-of-ours' }, {}, 'REFUSED'],
  ] as const)('%s is told as it is', async (_what, answer, write, code) => {
    const attempt = writingTo(answer, write as JsonObject);
    await expect(attempt).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining('new-key-of-ours'),
    });
  });

  it('may be empty, or any text', async () => {
    expect(await writingTo({ status: 204 })).toEqual({ version: undefined });
    expect(await writingTo({ status: 200, body: 'OK' })).toEqual({ version: undefined });
    expect(await writingTo({ status: 200, body: '{"v": 8}' }, { version: { path: 'v' } })).toEqual({
      version: '8',
    });
  });

  it('that fails for the second of two fields leaves half a pair: INDETERMINATE, and the same write completes it', async () => {
    const held: Record<string, string> = { '/r/a': 'old', '/r/b': 'old' };
    let refuses = true;
    const api = await apiThat(({ method, url, body }) => {
      if (method === 'GET') return json({ value: held[url] });
      if (url === '/r/b' && refuses) return { status: 403 };
      held[url] = String((JSON.parse(body) as JsonObject)['value']);
      return { status: 204 };
    });
    const store = await api.open();
    const pair = { ref: 'r', fields: ['a', 'b'] };
    const [old, next] = [secretsOf({ a: 'old', b: 'old' }), secretsOf({ a: 'new', b: 'new' })];
    const before = await store.read(pair, writing());
    const write = () => store.write(pair, next, before?.version, writing());
    await expect(write()).rejects.toMatchObject({ code: 'INDETERMINATE' });
    expect(held).toEqual({ '/r/a': 'new', '/r/b': 'old' });
    refuses = false;
    await write();
    expect(held).toEqual({ '/r/a': 'new', '/r/b': 'new' });
    expect(api.requests.filter(({ method, url }) => method === 'PUT' && url === '/r/a')).toHaveLength(1);
    await write();
    await store.restore(pair, restorationOf({ values: old, pushed: next }), writing());
    expect(held).toEqual({ '/r/a': 'old', '/r/b': 'old' });
  });
});

describe('who keyturn acts as', () => {
  it('is what the API says, or its address', async () => {
    const api = await apiThat(() => json({ name: 'Shop', account: { id: 42 } }));
    const whoami = {
      method: 'GET',
      path: '/me',
      display: 'name',
      attributes: { account: 'account.id', no: 'no' },
    };
    expect(await (await api.open({ whoami })).whoami(writing())).toEqual({
      display: 'Shop',
      attributes: { address: api.url, account: '42' },
    });
    expect((await (await api.open()).whoami(writing())).attributes).toEqual({ address: api.url });
    expect(api.requests).toHaveLength(1);
  });
});
