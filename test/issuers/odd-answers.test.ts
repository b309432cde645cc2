import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { askMe } from '../../src/issuers/postman/me.ts';
import { createSecretIdApi, type SecretIdApi } from '../../src/issuers/vault-approle/secret-id-api.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';

const { signal } = new AbortController();
const answer = (body: unknown, status = 200): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

/** Answers that no emulator gives, from systems of other versions and from what stands before them. */
describe('what Postman says of a key', () => {
  const me = (body: unknown) =>
    askMe(
      { send: async () => answer(body), close: () => {} },
      { value: new Secret('a-key-of-the-tests') },
      { name: 'postman', clock: systemClock },
      { signal },
    );
  const user = { id: 7, username: 'ann', teamId: 3, teamName: 'Shop' };

  it.each([
    ['a member of a team', user, '7:3', 'ann in Shop'],
    ['a team without a name', { ...user, teamName: '' }, '7:3', 'ann in team 3'],
    ['nobody’s team', { id: 7, username: 'ann' }, '7:0', 'ann'],
    ['a user without a name', { id: 7, teamId: 'x' }, '7:0', 'user 7'],
  ])('names %s', async (_who, told, id, display) => {
    expect((await me({ user: told })).principal).toMatchObject({ id, display });
  });

  it.each([
    [
      'a quota',
      [{ name: 'other' }, null, { name: 'api_usage', limit: 10, usage: 3 }],
      { limit: 10, usage: 3 },
    ],
    ['half a quota', [{ name: 'api_usage', limit: 10 }], undefined],
    ['a quota of something else', [{ name: 'mocks', limit: 1, usage: 1 }], undefined],
    ['no list', { api_usage: 3 }, undefined],
  ])('tells of %s', async (_what, operations, quota) => {
    expect((await me({ user, operations })).quota).toEqual(quota);
  });

  it.each([[null], [{}], [{ user: { id: '7' } }], ['<html></html>']])(
    'is not believed when it is %j',
    async (body) => {
      await expect(me(body)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    },
  );
});

describe('what Vault says of a secret id', () => {
  const api = (body: unknown, status = 200): SecretIdApi =>
    createSecretIdApi(async () => answer(body, status), 'vault', { mount: 'approle', role: 'shop' });
  const lookUp = (data: unknown) => api({ data }).lookUp({ accessor: 'a-1' }, signal);
  const facts = { secret_id_accessor: 'a-1', creation_time: '2031-01-02T03:04:05Z' };

  it.each([
    ['expires', { expiration_time: '2031-02-02T03:04:05Z' }, { expiresAt: '2031-02-02T03:04:05Z' }],
    ['never expires', { expiration_time: '0001-01-01T00:00:00Z' }, { expiresAt: undefined }],
    ['is good for three logins', { secret_id_num_uses: 3 }, { usesLeft: 3 }],
    ['is good for any', {}, { usesLeft: 0, expiresAt: undefined, label: undefined }],
    ['was made by keyturn', { metadata: { keyturn: 'r-1' } }, { label: 'r-1' }],
    ['was made by somebody else', { metadata: { keyturn: 1 } }, { label: undefined }],
  ])('that %s', async (_what, more, expected) => {
    expect(await lookUp({ ...facts, ...more })).toMatchObject(expected);
  });

  it('which it does not describe is not taken for one that is gone', async () => {
    await expect(lookUp({ creation_time: 'x' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await api('', 204).lookUp({ secretId: new Secret('of-the-tests') }, signal)).toBeUndefined();
    const remark = { request_id: 'r-1', data: null, warnings: ['a remark'] };
    expect(await api(remark).lookUp({ accessor: 'a-1' }, signal)).toBeUndefined();
  });

  it.each([
    ['nothing', null],
    ['no secret id', { data: { secret_id_accessor: 'a-1' } }],
    ['an empty one', { data: { secret_id: '', secret_id_accessor: 'a-1' } }],
    ['no accessor', { data: { secret_id: 'of-the-tests' } }],
    ['an empty accessor', { data: { secret_id: 'of-the-tests', secret_id_accessor: '' } }],
  ])('may have been made when the answer holds %s', async (_what, body) => {
    await expect(api(body).create('r-1', {}, signal)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });

  it.each([['<html>no upstream</html>'], [{ message: 'upstream connect error' }], ['']])(
    'may have been made when a gateway says 503 with %j',
    async (body) => {
      await expect(api(body, 503).create('r-1', {}, signal)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    },
  );

  it('was not made when Vault itself says that it is sealed', async () => {
    const sealed = api({ errors: ['Vault is sealed'] }, 503);
    await expect(sealed.create('r-1', {}, signal)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each([[null], [{}], [{ data: null }], [{ data: 'a-1' }], [[]]])(
    'is not that it is gone, when the answer is %j',
    async (body) => {
      const asked = api(body).lookUp({ secretId: new Secret('of-the-tests') }, signal);
      await expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    },
  );

  it('is not none at all when it gives no list', async () => {
    for (const body of [null, {}, { data: null }, { data: { keys: 'a-1' } }])
      await expect(api(body).accessors(signal)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await api({ data: { keys: ['a-1'] } }).accessors(signal)).toEqual(['a-1']);
    expect(await api({ errors: [] }, 404).accessors(signal)).toEqual([]);
  });

  it('and of its role', async () => {
    expect(await api({ data: {} }).role(signal)).toEqual({
      bindsSecretId: true,
      secretIdTtl: 0,
      secretIdUses: 0,
    });
    const data = { bind_secret_id: false, secret_id_ttl: 60, secret_id_num_uses: 2 };
    expect(await api({ data }).role(signal)).toEqual({
      bindsSecretId: false,
      secretIdTtl: 60,
      secretIdUses: 2,
    });
    expect(await api({ errors: [] }, 404).role(signal)).toBeUndefined();
  });
});
