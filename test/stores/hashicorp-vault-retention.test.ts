import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';
import { askAccess } from '../../src/lib/vault/access.ts';
import { readMetadata, retentionOf } from '../../src/stores/hashicorp-vault/retention.ts';
import { locationOf } from '../../src/stores/hashicorp-vault/secret-path.ts';
import { failure } from './hashicorp-vault-rig.ts';

/** What preflight concludes from what the server tells, and from what it does not. */

const ctx = { signal: new AbortController().signal };
const V2 = locationOf('secret/a', 'vault-prod', 'secret', 2);

const always = (status: number, body: unknown) => async (): Promise<HttpAnswer> => ({
  status,
  headers: {},
  body: JSON.stringify(body),
});

describe('how long versions are kept', () => {
  const about = { subject: 's', path: 'secret/metadata/a' };
  const messages = (...args: [Parameters<typeof retentionOf>[0], Parameters<typeof retentionOf>[1]]) => {
    const { keepsOld, findings } = retentionOf(...args, about);
    return [keepsOld, ...findings.map(({ message }) => message)];
  };

  it.each([
    ['the secret keeps several', { max_versions: 5 }, undefined, true],
    ['the mount keeps several', { max_versions: 1 }, { max_versions: 3 }, true],
    ['nobody says: Vault keeps ten', {}, {}, true],
    ['the mount is not told, but there are several', { versions: { 1: {}, 2: {} } }, undefined, true],
    ['the mount is not told, and there is one', { versions: { 1: {} } }, undefined, false],
    ['nothing is told', {}, undefined, false],
  ])('where %s', (_what, metadata, mount, keeps) => {
    expect(messages(metadata, mount)).toEqual([keeps]);
  });

  it('one is too few for a rollback', () => {
    expect(messages({ max_versions: 1 }, {})).toEqual([false, expect.stringContaining('Only one version')]);
  });

  it('a version that ends is told with its end, as far as it is known', () => {
    const now = { current_version: 2, versions: { 2: { deletion_time: '2026-04-01' } }, max_versions: 5 };
    expect(messages(now, undefined)).toEqual([
      false,
      'Versions of this secret delete themselves (the current one at 2026-04-01): so will the new key.',
    ]);
    expect(messages({ max_versions: 5 }, { delete_version_after: '720h' })).toEqual([
      true,
      'Versions of this secret delete themselves 720h after they were written: so will the new key.',
    ]);
    expect(messages({ max_versions: 5, delete_version_after: '0s' }, { delete_version_after: '' })).toEqual([
      true,
    ]);
  });

  it('is not guessed from a failure', async () => {
    const read = (...said: Parameters<typeof always>) => readMetadata(always(...said), V2, () => true, ctx);
    expect(await read(403, '')).toBeUndefined();
    expect(await read(404, '')).toBeUndefined();
    expect((await failure(read(500, { errors: ['broken'] }))).code).toBe('UNAVAILABLE');
    const denied = readMetadata(always(200, {}), V2, () => false, ctx);
    expect(await denied).toBeUndefined();
  });
});

describe('rights', () => {
  it('are unknown where the server does not say, whole or in part', async () => {
    const ask = (...said: Parameters<typeof always>) => askAccess(always(...said), 's', ['p'], ctx);
    expect((await ask(403, ''))('read', 'p')).toBeUndefined();
    expect((await ask(200, { data: null }))('read', 'p')).toBeUndefined();
    expect((await ask(200, { data: { q: ['read'] } }))('read', 'p')).toBeUndefined();
    expect((await ask(200, { data: { p: ['root'] } }))('update', 'p')).toBe(true);
    expect((await ask(200, { data: { p: ['read'] } }))('update', 'p')).toBe(false);
    expect((await failure(ask(500, ''))).code).toBe('UNAVAILABLE');
  });
});
