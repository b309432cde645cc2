import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';
import { askAccess } from '../../src/lib/vault/access.ts';
import { leaseOf } from '../../src/lib/vault/login.ts';
import { lookUpSelf } from '../../src/lib/vault/token-facts.ts';
import { kvVersion1 } from '../../src/stores/hashicorp-vault/kv-v1.ts';
import { kvVersion2 } from '../../src/stores/hashicorp-vault/kv-v2.ts';
import { createLocator } from '../../src/stores/hashicorp-vault/mounts.ts';
import { readMetadata, retentionOf } from '../../src/stores/hashicorp-vault/retention.ts';
import { locationOf } from '../../src/stores/hashicorp-vault/secret-path.ts';
import { failure } from './hashicorp-vault-rig.ts';

/** JSON, and not what Vault says: an answer like any other that cannot be understood, and no defect of ours. */

const ctx = { signal: new AbortController().signal };
const ABOUT = { subject: 'vault-prod', action: 'ask', effect: 'read' } as const;
const V1 = locationOf('kv/a', 'vault-prod', 'kv', 1);
const V2 = locationOf('secret/a', 'vault-prod', 'secret', 2);
const NO_ENTRIES = { version: '3', entries: new Map<string, string>() };

const said = (body: string, status = 200): HttpAnswer => ({ status, headers: {}, body });
const always = (body: string, status?: number) => async (): Promise<HttpAnswer> => said(body, status);

describe.each(['null', '[]', '"text"', '7'])('an answer that is %s', (body) => {
  it('to a question is none', async () => {
    const client = { name: 'v', address: '', namespace: '', close: () => {} };
    const questions = [
      kvVersion1(always(body)).read(V1, ctx),
      kvVersion1(always(body, 404)).read(V1, ctx),
      kvVersion2(always(body)).read(V2, ctx),
      kvVersion2(always(body, 404)).read(V2, ctx),
      createLocator(always(body), 'vault-prod')('secret/a', ctx),
      askAccess(always(body), 'vault-prod', ['secret/data/a'], ctx),
      readMetadata(always(body), V2, () => true, ctx),
      lookUpSelf(
        { ...client, send: always(body), sendToRoot: always(body) },
        new Secret('hvs.x'),
        ctx.signal,
      ),
    ];
    for (const question of questions) expect(await failure(question)).toMatchObject({ code: 'UNAVAILABLE' });
    expect(() => leaseOf(said(body), ABOUT)).toThrow(/unexpected answer/);
  });

  it('to a write proves nothing', async () => {
    const write1 = kvVersion1(always(body)).replace(V1, NO_ENTRIES.entries, NO_ENTRIES, ctx);
    const write2 = kvVersion2(always(body)).replace(V2, NO_ENTRIES.entries, NO_ENTRIES, ctx);
    expect(await failure(write1)).toMatchObject({ code: 'INDETERMINATE' });
    expect(await failure(write2)).toMatchObject({ code: 'INDETERMINATE' });
  });
});

it.each(['null', '"3"', '[]', '{}'])('a version that is %s is none', async (version) => {
  const body = `{"data":{"data":{"a":"1"},"metadata":{"version":${version},"created_time":7}}}`;
  expect(await failure(kvVersion2(always(body)).read(V2, ctx))).toMatchObject({ code: 'UNAVAILABLE' });
  const written = kvVersion2(always(`{"data":{"version":${version}}}`));
  expect(await written.replace(V2, NO_ENTRIES.entries, NO_ENTRIES, ctx)).toBe('4');
});

it.each(['null', '7', '[]', '{}'])('a mount whose path is %s is not known', async (path) => {
  const locate = createLocator(always(`{"data":{"path":${path},"type":"kv","options":[]}}`), 'vault-prod');
  expect(await locate('team/a', ctx)).toMatchObject({ mount: 'team', kvVersion: 2 });
});

it.each(['null', '7', '{}', '"read"'])('rights that are %s are not told', async (rights) => {
  const mayDo = await askAccess(always(`{"data":{"a":${rights}}}`), 'vault-prod', ['a'], ctx);
  expect(mayDo('read', 'a')).toBeUndefined();
});

it.each(['null', '[]', '7'])('settings that are %s are not told', async (data) => {
  const metadata = await readMetadata(always(`{"data":${data}}`), V2, () => true, ctx);
  expect(retentionOf(metadata, undefined, { subject: 's', path: 'p' })).toMatchObject({ keepsOld: false });
});
