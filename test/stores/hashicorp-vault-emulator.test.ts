import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVersions } from '../../src/stores/hashicorp-vault/emulated-versions.ts';
import { fresh, openVaultRig, SLOT, V1_SLOT, type VaultRig } from './hashicorp-vault-rig.ts';

/** The emulator has to refuse what Vault refuses, in its words, or what passes here fails there. */
let rig: VaultRig;
beforeEach(async () => {
  rig = await openVaultRig();
});
afterEach(() => rig.close());

interface Said {
  readonly status: number;
  readonly body: { readonly errors?: string[]; readonly warnings?: string[] | null; readonly data?: never };
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {
    'x-vault-token': rig.emulator.resolve('env:EMULATED_VAULT_TOKEN') ?? '',
  },
): Promise<Said> {
  const answer = await fetch(`${rig.emulator.server.url}/v1/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
}

describe('a node', () => {
  it('that is sealed serves nobody, and health says so', async () => {
    rig.emulator.state.sealed = true;
    expect(await ask('GET', 'secret/data/a')).toMatchObject({
      status: 503,
      body: { errors: ['Vault is sealed'] },
    });
    expect(await ask('GET', 'sys/health')).toMatchObject({ status: 503, body: { sealed: true } });
  });

  it('has no health inside of namespaces, and no namespaces that nobody made', async () => {
    const inside = { 'x-vault-namespace': 'nowhere' };
    expect((await ask('GET', 'sys/health', undefined, inside)).status).toBe(400);
    expect(await ask('GET', 'secret/data/a', undefined, inside)).toMatchObject({
      status: 404,
      body: { errors: ['namespace not found'] },
    });
  });

  it('takes no request beyond 32 MiB', async () => {
    const answer = await ask('POST', 'secret/data/a', `{"data":{"a":"${'x'.repeat(33 * 1024 * 1024)}"}}`);
    expect(answer.status).toBe(413);
  });

  it('lets nobody in without a live token', async () => {
    for (const headers of [{}, { 'x-vault-token': 'hvs.dead' }]) {
      expect((await ask('GET', 'secret/data/a', undefined, headers as Record<string, string>)).status).toBe(
        403,
      );
    }
  });

  it('tells a batch token for one', async () => {
    rig.emulator.tokens.issuing.batch = true;
    const { id } = rig.emulator.tokens.issue('ci', 'entity');
    const { body } = await ask('GET', 'auth/token/lookup-self', undefined, { 'x-vault-token': id });
    expect(body.data).toMatchObject({ type: 'batch', renewable: false });
  });

  it('has words for the statuses it breaks with, and none for others', async () => {
    rig.emulator.inject?.({ kind: 'status', status: 429, on: 'any' });
    expect((await ask('GET', 'secret/data/a')).body.errors).toEqual([expect.stringContaining('rate limit')]);
    rig.emulator.inject?.({ kind: 'status', status: 418, on: 'any' });
    expect(await ask('GET', 'secret/data/a')).toMatchObject({ status: 418, body: { errors: [] } });
  });
});

describe('a login', () => {
  it('at a mount that is not there, or of a method that nobody knows, is refused', async () => {
    expect((await ask('POST', 'auth/elsewhere/login', {}, {})).status).toBe(403);
    rig.emulator.options({ auth: { method: 'oidc', mount: 'oidc' } });
    expect(await ask('POST', 'auth/oidc/login', { jwt: 'wrong' }, {})).toMatchObject({
      status: 400,
      body: { errors: ['refused'] },
    });
  });
});

describe('version 1', () => {
  it('keeps a map that holds something and fits into an entry', async () => {
    expect(await ask('POST', 'kv1/a', {})).toMatchObject({
      status: 400,
      body: { errors: ['missing data fields'] },
    });
    const large = await ask('PUT', 'kv1/a', { a: 'x'.repeat(1_048_576) });
    expect(large).toMatchObject({ status: 500, body: { errors: [expect.stringContaining('too large')] } });
    expect((await ask('PUT', 'kv1/a', { a: '1' })).status).toBe(204);
    expect((await ask('GET', 'kv1/a')).body.data).toEqual({ a: '1' });
  });

  it('forgets what is deleted, and knows no other methods', async () => {
    await ask('POST', 'kv1/a', { a: '1' });
    expect((await ask('DELETE', 'kv1/a')).status).toBe(204);
    expect(await ask('GET', 'kv1/a')).toMatchObject({ status: 404, body: { errors: [] } });
    expect((await ask('PATCH', 'kv1/a', { a: '1' })).status).toBe(405);
  });

  it('answers 200 when it has a remark', async () => {
    rig.emulator.kvOf(V1_SLOT).settings.warnings.push('old');
    expect(await ask('POST', 'kv1/a', { a: '1' })).toMatchObject({
      status: 200,
      body: { warnings: ['old'] },
    });
  });

  it('asks for the right that a request needs', async () => {
    rig.emulator.state.policy = { 'kv1/a': ['update', 'delete'] };
    expect((await ask('POST', 'kv1/a', { a: '1' })).status).toBe(403);
    await rig.emulator.seed({ ref: 'kv1/a', fields: ['a'] }, { a: '1' });
    expect((await ask('POST', 'kv1/a', { a: '1' })).status).toBe(204);
    expect((await ask('GET', 'kv1/a')).status).toBe(403);
    expect((await ask('DELETE', 'kv1/a')).status).toBe(204);
  });
});

describe('version 2', () => {
  it('wants data, and a number to check against', async () => {
    const refused = async (body: unknown) => (await ask('POST', 'secret/data/a', body)).body.errors;
    expect(await refused({ a: '1' })).toEqual(['no data provided']);
    expect(await refused({ data: {}, options: { cas: 'x' } })).toEqual([
      'error parsing check-and-set parameter',
    ]);
    expect(await refused({ data: {}, options: { cas: 1 } })).toEqual([
      expect.stringContaining('did not match'),
    ]);
    expect(await refused({ data: { a: 'x'.repeat(1_048_576) } })).toEqual([
      expect.stringContaining('too large'),
    ]);
    expect((await ask('PUT', 'secret/data/a', { data: { a: '1' } })).body.data).toMatchObject({ version: 1 });
  });

  it('keeps what is deleted, as deleted', async () => {
    await ask('POST', 'secret/data/a', { data: { a: '1' } });
    expect((await ask('DELETE', 'secret/data/a')).status).toBe(204);
    expect((await ask('DELETE', 'secret/data/never')).status).toBe(204);
    expect(await ask('GET', 'secret/data/a')).toMatchObject({ status: 404, body: { data: { data: null } } });
    expect((await ask('GET', 'secret/metadata/a')).body.data).toMatchObject({ current_version: 1 });
    expect((await ask('GET', 'secret/metadata/never')).status).toBe(404);
  });

  it('knows its own paths and methods alone', async () => {
    expect((await ask('PATCH', 'secret/data/a', {})).status).toBe(405);
    expect((await ask('GET', 'secret/config')).body.data).toMatchObject({ max_versions: 0 });
    for (const [method, path] of [
      ['GET', 'secret/a'],
      ['POST', 'secret/config'],
      ['POST', 'secret/metadata/a'],
    ] as const) {
      const { status, body } = await ask(method, path, method === 'GET' ? undefined : {});
      expect([status, body.warnings]).toEqual([404, [expect.stringContaining('Invalid path')]]);
    }
  });

  it('asks for the right that a request needs', async () => {
    rig.emulator.state.policy = { 'secret/data/a': ['create', 'delete'] };
    expect((await ask('POST', 'secret/data/a', { data: { a: '1' } })).status).toBe(200);
    expect((await ask('POST', 'secret/data/a', { data: { a: '2' } })).status).toBe(403);
    expect((await ask('DELETE', 'secret/data/a')).status).toBe(204);
  });

  it('tells nothing of versions where there are none', () => {
    const none = createVersions({ maxVersions: 0, deleteAfterSeconds: 0 }, () => 0);
    none.softDelete();
    expect(none.live()).toBeUndefined();
    expect(JSON.parse(none.describe())).toMatchObject({
      current_version: 0,
      oldest_version: 0,
      versions: {},
    });
  });
});

describe('what a test sees', () => {
  it('is made where the config or the slot names it', async () => {
    rig.emulator.options({ mounts: { legacy: 1, modern: 2, secret: 2 } });
    const kinds = ['legacy/a', 'modern/a', 'secret/a', 'unheard/a'].map(
      (ref) => rig.emulator.kvOf({ ref, fields: ['a'] }).kvVersion,
    );
    expect(kinds).toEqual([1, 2, 2, 2]);
  });

  it('is every secret but the slot’s own fields, whatever else is mounted', async () => {
    rig.emulator.mounts().add('keys', 'transit');
    expect(() => rig.emulator.kvOf({ ref: 'keys/a', fields: ['a'] })).toThrow('not on a key-value mount');
    expect((await ask('GET', 'keys/a')).status).toBe(404);
    await rig.emulator.seed(SLOT, fresh(SLOT));
    await rig.emulator.seed(V1_SLOT, { api_key: 'shown' });
    const before = await rig.emulator.neighbours(SLOT);
    expect(before).toContain('shown');
    await rig.emulator.overwrite(SLOT, fresh(SLOT));
    expect(await rig.emulator.neighbours(SLOT)).toBe(before);
  });

  it('is gone when it is deleted', async () => {
    await rig.emulator.seed(SLOT, fresh(SLOT));
    rig.emulator.deleteCurrent(SLOT);
    expect(await rig.emulator.peek(SLOT)).toBeUndefined();
    expect(await rig.emulator.neighbours(V1_SLOT)).toContain('secret/apps/ci {}');
  });
});
