import { describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';
import { clusterName } from '../../src/lib/vault/health.ts';
import { leaseOf } from '../../src/lib/vault/login.ts';
import { findingOf } from '../../src/lib/vault/server-findings.ts';
import { lookUpSelf } from '../../src/lib/vault/token-facts.ts';
import type { VaultClient } from '../../src/lib/vault/vault-client.ts';
import { vaultError } from '../../src/lib/vault/vault-error.ts';
import { kvVersion1 } from '../../src/stores/hashicorp-vault/kv-v1.ts';
import { kvVersion2 } from '../../src/stores/hashicorp-vault/kv-v2.ts';
import { createLocator } from '../../src/stores/hashicorp-vault/mounts.ts';
import { createRecentDocuments } from '../../src/stores/hashicorp-vault/recent-documents.ts';
import { locationOf } from '../../src/stores/hashicorp-vault/secret-path.ts';
import { createWriteIndexes } from '../../src/stores/hashicorp-vault/write-indexes.ts';
import { failure } from './hashicorp-vault-rig.ts';

/** Servers of other makes, proxies and later versions say things that Vault of today does not. */

const ctx = { signal: new AbortController().signal };
const ABOUT = { subject: 'vault-prod/secret/a', action: 'read the secret', effect: 'read' } as const;
const V1 = locationOf('kv/a', 'vault-prod', 'kv', 1);
const V2 = locationOf('secret/a', 'vault-prod', 'secret', 2);

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

const always =
  (...said: Parameters<typeof answer>) =>
  async (): Promise<HttpAnswer> =>
    answer(...said);

describe('an error', () => {
  it.each([
    ['a refusal without words of Vault', answer(403, '<html>'), 'PERMISSION_DENIED'],
    ['a failure without words of Vault', answer(500, '<html>'), 'UNAVAILABLE'],
    ['a failure with an empty list', answer(502, { errors: [] }), 'UNAVAILABLE'],
    [
      'a mount that is being upgraded',
      answer(400, { errors: ['Upgrading from non-versioned to v'] }),
      'UNAVAILABLE',
    ],
    ['a refusal in warnings alone', answer(404, { warnings: ['Invalid path'] }), 'NOT_FOUND'],
    ['a refusal that lists nothing', answer(400, { errors: 'no' }), 'REFUSED'],
    ['a redirect to nowhere', answer(307, '', {}), 'UNAVAILABLE'],
    [
      'a redirect that is no standby’s',
      answer(301, '', { location: 'https://other.example' }),
      'UNAVAILABLE',
    ],
  ])('of %s is told by its status', (_what, said, code) => {
    const error = vaultError(said, ABOUT);
    expect(error.code).toBe(code);
    expect(error.message).toContain(String(said.status));
  });

  it('of a gateway that lost the connection behind it does not promise that nothing was written', () => {
    const WRITE = { ...ABOUT, action: 'write the secret', effect: 'write' } as const;
    expect(vaultError(answer(503, '<html>upstream connect error'), WRITE).code).toBe('INDETERMINATE');
    expect(vaultError(answer(503, ''), WRITE).code).toBe('INDETERMINATE');
    expect(vaultError(answer(503, ''), ABOUT).code).toBe('UNAVAILABLE');
    // One that refuses says when to come back; Vault itself says why.
    expect(vaultError(answer(503, '', { 'retry-after': '3' }), WRITE)).toMatchObject({
      code: 'UNAVAILABLE',
      context: { retryAfter: 3 },
    });
    expect(vaultError(answer(503, { errors: ['Vault is sealed'] }), WRITE).code).toBe('UNAVAILABLE');
  });

  it('names what is needed only where that is known', () => {
    const denied = answer(403, { errors: ['permission denied'] });
    expect(vaultError(denied, ABOUT).message).not.toContain('it needs');
    expect(vaultError(denied, { ...ABOUT, needs: '`read` on `x`' }).hint).toContain('Grant `read` on `x`');
  });

  it('quotes no page, only a sentence', () => {
    const { message } = vaultError(answer(400, { errors: ['long '.repeat(500)] }), ABOUT);
    expect(message.length).toBeLessThan(500);
    expect(message).toContain('…');
  });
});

describe('a secret of version 1', () => {
  it('is absent when Vault says so with an empty list, and with nothing else', async () => {
    expect(await kvVersion1(always(404, { errors: [] })).read(V1, ctx)).toBeUndefined();
    const words = await failure(kvVersion1(always(404, { errors: ['no handler'] })).read(V1, ctx));
    expect(words.code).toBe('NOT_FOUND');
    const page = await failure(kvVersion1(always(404, '<html>')).read(V1, ctx));
    expect(page.code).toBe('UNAVAILABLE');
  });

  it('that may not be read says which right is lacking', async () => {
    const error = await failure(kvVersion1(always(403, { errors: ['permission denied'] })).read(V1, ctx));
    expect(error.message).toContain('`read` on `kv/a`');
  });

  it('without any data is an empty one', async () => {
    expect((await kvVersion1(always(200, { data: null })).read(V1, ctx))?.entries.size).toBe(0);
  });

  it('has a version that depends on what it says, not on the order', async () => {
    const read = async (data: string) =>
      (await kvVersion1(always(200, `{"data":${data}}`)).read(V1, ctx))?.version;
    expect(await read('{"b":"2","a":1,"c":"\\u0033"}')).toBe(await read('{"a":1,"c":"3","b":"2"}'));
    expect(await read('{"a":"1"}')).not.toBe(await read('{"a":1}'));
  });

  it('is new only where there is none', async () => {
    const there = kvVersion1(always(200, { data: { a: '1' } }));
    expect((await failure(there.baseOfNew(V1, ctx))).code).toBe('CONFLICT');
    const absent = kvVersion1(always(404, { errors: [] }));
    expect((await absent.baseOfNew(V1, ctx)).entries.size).toBe(0);
    expect(await absent.readVersion(V1, 'content-x', ctx)).toBeUndefined();
  });

  it('is written when Vault answers so, and a page in its place proves nothing', async () => {
    const write = (...said: Parameters<typeof answer>) =>
      kvVersion1(always(...said)).replace(
        V1,
        new Map([['a', '"1"']]),
        { version: '', entries: new Map() },
        ctx,
      );
    expect(await write(204, '')).toMatch(/^content-/);
    expect(await write(200, { warnings: ['old'] })).toBe(await write(204, ''));
    expect((await failure(write(200, '<html>'))).code).toBe('INDETERMINATE');
    const denied = await failure(write(403, { errors: ['permission denied'] }));
    expect(denied.message).toContain('`create` and `update` on `kv/a`');
  });
});

describe('a secret of version 2', () => {
  const META = { version: 3, created_time: '2026-03-01T12:00:00Z' };
  const live = { data: { data: { a: '1' }, metadata: META } };

  it.each([
    ['no version', { data: { data: { a: '1' }, metadata: {} } }],
    ['no data', { data: { metadata: META } }],
    ['data that is no map', { data: { data: 'text', metadata: META } }],
    ['nothing', {}],
  ])('with %s in the answer is none: the config names the wrong engine', async (_what, body) => {
    const error = await failure(kvVersion2(always(200, body)).read(V2, ctx));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', hint: expect.stringContaining('Set `mounts`') });
  });

  it('may not tell when it was written', async () => {
    const bare = { data: { ...live.data, metadata: { version: 3 } } };
    expect(await kvVersion2(always(200, bare)).read(V2, ctx)).not.toHaveProperty('updatedAt');
    expect(await kvVersion2(always(200, live)).read(V2, ctx)).toMatchObject({ updatedAt: META.created_time });
  });

  it('is asked only for versions that it can have', async () => {
    const asked: string[] = [];
    const engine = kvVersion2(async ({ path }) => {
      asked.push(path);
      return answer(200, live);
    });
    expect(await engine.readVersion(V2, 'content-abc', ctx)).toBeUndefined();
    expect((await engine.readVersion(V2, '3', ctx))?.version).toBe('3');
    expect(asked).toEqual(['/secret/data/a?version=3']);
  });

  it('is new on top of what was deleted', async () => {
    const deleted = kvVersion2(always(404, { data: { data: null, metadata: META } }));
    expect((await deleted.baseOfNew(V2, ctx)).version).toBe('3');
    expect((await kvVersion2(always(404, { errors: [] })).baseOfNew(V2, ctx)).version).toBe('0');
    expect((await failure(kvVersion2(always(200, live)).baseOfNew(V2, ctx))).code).toBe('CONFLICT');
  });

  it('has the next version after a write, told or not', async () => {
    const write = (...said: Parameters<typeof answer>) =>
      kvVersion2(always(...said)).replace(V2, new Map(), { version: '3', entries: new Map() }, ctx);
    expect(await write(200, { data: { version: 4 } })).toBe('4');
    expect(await write(200, { data: {} })).toBe('4');
    expect(await write(200, { data: null, warnings: ['x'] })).toBe('4');
    expect(await write(204, '')).toBe('4');
    expect((await failure(write(403, { errors: ['permission denied'] }))).message).toContain('`update` on');
  });
});

describe('a token', () => {
  const lease = (auth: unknown) => leaseOf(answer(200, { auth }), ABOUT);
  const client = (...said: Parameters<typeof answer>): VaultClient => ({
    name: 'vault-prod',
    address: 'https://vault.example',
    namespace: '',
    send: always(...said),
    sendToRoot: always(...said),
    close: () => {},
  });

  it('may be missing in the answer to a login, for a reason that is told', () => {
    expect(() => lease(null)).toThrow('the answer holds no token');
    expect(() => lease({ client_token: '', mfa_requirement: null })).toThrow('the answer holds no token');
    expect(() => lease({ client_token: '', mfa_requirement: { id: 'x' } })).toThrow(
      'a second factor is asked for',
    );
  });

  it('without a lease never expires and is not renewed', () => {
    expect(lease({ client_token: 'hvs.x' })).toMatchObject({ seconds: 0, renewable: false, batch: false });
  });

  it('that tells little of itself is taken for what it tells', async () => {
    const look = (...said: Parameters<typeof answer>) =>
      lookUpSelf(client(...said), new Secret('hvs.x'), ctx.signal);
    expect(await look(200, {})).toEqual({ displayName: 'unknown', entityId: '', uses: 0, ttl: 0 });
    expect(await look(403, '')).toBeUndefined();
    expect((await failure(look(500, ''))).code).toBe('UNAVAILABLE');
  });
});

describe('the server', () => {
  it.each(['{"cluster_name":""}', '{"cluster_name":7}', '{}', '<html>', 'null'])(
    'that answers %s does not tell its cluster',
    (body) => {
      expect(clusterName(answer(200, body))).toBeUndefined();
    },
  );

  it('that does not know the mount leaves it to the request that follows', async () => {
    const locate = createLocator(always(200, { data: {} }), 'vault-prod');
    expect(await locate('team/secret/a', ctx)).toMatchObject({ mount: 'team', kvVersion: 2 });
  });

  it('with a mount that is no key-value engine, named or not, is refused', async () => {
    const locate = (data: object) => createLocator(always(200, { data }), 'vault-prod')('pki/a', ctx);
    expect((await failure(locate({ path: 'pki/' }))).message).toContain('type unknown, not kv');
    expect((await failure(locate({ path: 'pki/', type: 'pki' }))).message).toContain('type pki, not kv');
    expect(await locate({ path: 'pki/', type: 'generic' })).toMatchObject({ kvVersion: 1 });
    const broken = createLocator(always(500, ''), 'vault-prod');
    expect((await failure(broken('pki/a', ctx))).code).toBe('UNAVAILABLE');
  });

  it('asked about refs of two mounts below one name answers each', async () => {
    let asked = 0;
    const locate = createLocator(async ({ path }) => {
      asked += 1;
      const mount = path.includes('/team/a/') ? 'team/a/' : 'team/b/';
      return answer(200, { data: { path: mount, type: 'kv', options: { version: '2' } } });
    }, 'vault-prod');
    const found = await Promise.all(['team/a/x', 'team/b/y', 'team/a/z'].map((ref) => locate(ref, ctx)));
    expect(found.map(({ mount }) => mount)).toEqual(['team/a', 'team/b', 'team/a']);
    expect(asked).toBe(2);
  });

  it('is not reported when it is we who stop, or a defect', () => {
    const abort = new RotationError('ABORTED', { subject: 'x' });
    expect(() => findingOf(abort, 's')).toThrow(abort);
    expect(() => findingOf(new TypeError('a defect'), 's')).toThrow(TypeError);
    expect(findingOf(new RotationError('TIMEOUT', { subject: 'x' }), 's')).toMatchObject({ code: 'TIMEOUT' });
  });
});

describe('what is remembered', () => {
  it('of writes is the last thousand or so', () => {
    const indexes = createWriteIndexes();
    const learn = (ref: string) => indexes.learn(ref, answer(200, '', { 'x-vault-index': `at-${ref}` }));
    for (let count = 0; count < 1024; count += 1) learn(`r${count}`);
    learn('r0');
    learn('r-new');
    expect([indexes.of('r0'), indexes.of('r1'), indexes.of('r-new')]).toEqual([
      'at-r0',
      undefined,
      'at-r-new',
    ]);
    indexes.learn('r0', answer(204, ''));
    expect(indexes.of('r0')).toBe('at-r0');
  });

  it('of reads that are awaited after a write is bounded too', () => {
    const recent = createRecentDocuments();
    for (let count = 0; count < 600; count += 1) recent.forget(`r${count}`, '2');
    const document = { version: '2', entries: new Map() };
    recent.keep('r0', document);
    recent.keep('r599', document);
    expect([recent.at('r0', '2'), recent.at('r599', '2')]).toEqual([document, undefined]);
  });
});
