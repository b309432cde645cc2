import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Slot } from '../../src/core/plugins/store.ts';
import {
  failure,
  fresh,
  openVaultRig,
  revealed,
  SLOT,
  secrets,
  V1_SLOT,
  type VaultRig,
} from './hashicorp-vault-rig.ts';

let rig: VaultRig;
beforeEach(async () => {
  rig = await openVaultRig();
});
afterEach(() => rig.close());

const TEXT = { big: '12345678901234567890', one: '1.0', power: '1e3', nested: '{"z":[1,2.50],"b":null}' };

describe('requests', () => {
  it('costs one request a read and one a write, once the mount is known', async () => {
    const slots = Array.from(
      { length: 8 },
      (_, n): Slot => ({ ref: `secret/apps/s${n}`, fields: ['api_key'] }),
    );
    for (const slot of slots) await rig.emulator.seed(slot, fresh(slot));
    const before = await Promise.all(slots.map((slot) => rig.store.read(slot, rig.ctx)));
    const lookups = rig.traffic().filter((line) => !line.startsWith('GET /secret/data/'));
    expect(lookups).toEqual([expect.stringMatching(/^GET \/sys\/internal\/ui\/mounts\/secret\/apps\/s\d$/)]);

    const write = (slot: Slot, n: number) =>
      rig.store.write(slot, secrets(fresh(slot)), before[n]?.version, rig.ctx);
    await Promise.all(slots.map(write));
    expect(rig.traffic().sort()).toEqual(slots.map(({ ref }) => `POST /${ref.replace('/', '/data/')}`));
  });

  it('reads the neighbours again when it has not read that version itself', async () => {
    await rig.emulator.seed(SLOT, fresh(SLOT));
    const before = await rig.store.read(SLOT, rig.ctx);
    const neighbours = await rig.emulator.neighbours(SLOT);
    const resumed = await rig.open();
    await resumed.write(SLOT, secrets(fresh(SLOT)), before?.version, rig.ctx);
    expect(rig.traffic().slice(-2)).toEqual(['GET /secret/data/apps/ci', 'POST /secret/data/apps/ci']);
    expect(await rig.emulator.neighbours(SLOT)).toBe(neighbours);
  });

  it('marks its requests, and names the namespace', async () => {
    const store = await rig.open({ namespace: 'team-a/ci/' });
    await rig.emulator.seed(SLOT, fresh(SLOT));
    await store.read(SLOT, rig.ctx);
    expect(rig.lastRequest().headers).toMatchObject({
      'x-vault-request': 'true',
      'x-vault-namespace': 'team-a/ci',
    });
  });

  it('names the write it must see when it reads back, where the server tells', async () => {
    await rig.emulator.seed(SLOT, fresh(SLOT));
    await rig.store.read(SLOT, rig.ctx);
    expect(rig.lastRequest().headers['x-vault-index']).toBeUndefined();
    rig.emulator.state.walIndex = 'v1:abc:12:0';
    await rig.store.write(SLOT, secrets(fresh(SLOT)), '1', rig.ctx);
    await rig.store.read(SLOT, rig.ctx);
    expect(rig.lastRequest().headers['x-vault-index']).toBe('v1:abc:12:0');
  });
});

describe('a version 2 mount', () => {
  it('gives the number of the version, and makes the next one', async () => {
    await rig.emulator.seed(SLOT, fresh(SLOT));
    expect(await rig.store.read(SLOT, rig.ctx)).toMatchObject({
      version: '1',
      updatedAt: expect.any(String),
    });
    expect(await rig.store.write(SLOT, secrets(fresh(SLOT)), '1', rig.ctx)).toEqual({ version: '2' });
  });

  it('refuses a write based on an old version, although the map of that version is remembered', async () => {
    await rig.emulator.seed(SLOT, fresh(SLOT));
    await rig.store.read(SLOT, rig.ctx);
    const theirs = fresh(SLOT);
    await rig.emulator.overwrite(SLOT, theirs);
    const error = await failure(rig.store.write(SLOT, secrets(fresh(SLOT)), '1', rig.ctx));
    expect(error).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('check-and-set') });
    expect(await rig.emulator.peek(SLOT)).toEqual(theirs);
  });

  it('creates a secret only where there is none, deleted ones included', async () => {
    expect(await rig.store.write(SLOT, secrets(fresh(SLOT)), undefined, rig.ctx)).toEqual({ version: '1' });
    const again = rig.store.write(SLOT, secrets(fresh(SLOT)), undefined, rig.ctx);
    expect((await failure(again)).code).toBe('CONFLICT');
    rig.emulator.deleteCurrent(SLOT);
    expect(await rig.store.read(SLOT, rig.ctx)).toBeUndefined();
    expect(await rig.store.write(SLOT, secrets(fresh(SLOT)), undefined, rig.ctx)).toEqual({ version: '2' });
  });

  it('takes an answer with warnings for what it is: done', async () => {
    await rig.emulator.seed(SLOT, fresh(SLOT));
    rig.emulator.kvOf(SLOT).settings.warnings.push('this endpoint is deprecated');
    expect(await rig.store.write(SLOT, secrets(fresh(SLOT)), '1', rig.ctx)).toEqual({ version: '2' });
  });

  it('may be asked again while the mount is being upgraded', async () => {
    await rig.emulator.seed(SLOT, fresh(SLOT));
    rig.emulator.kvOf(SLOT).settings.upgrading = true;
    const error = await failure(rig.store.write(SLOT, secrets(fresh(SLOT)), '1', rig.ctx));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it('may be asked again where a standby has not caught up', async () => {
    await rig.emulator.seed(SLOT, fresh(SLOT));
    await rig.store.read(SLOT, rig.ctx);
    rig.emulator.inject?.({ kind: 'status', status: 412, on: 'read' });
    expect(await failure(rig.store.read(SLOT, rig.ctx))).toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
    });
  });

  it('finds mounts of several segments, and names with signs in them', async () => {
    rig.emulator.mounts().add('team/a/secret', 'kv-v2');
    const slot = { ref: 'team/a/secret/apps/ci + 100%/é', fields: ['api key'] };
    const old = fresh(slot);
    await rig.emulator.seed(slot, old);
    expect(revealed(await rig.store.read(slot, rig.ctx))).toEqual(old);
    expect(rig.lastRequest().path).toBe('/v1/team/a/secret/data/apps/ci%20%2B%20100%25/%C3%A9');
  });
});

describe('a version 1 mount', () => {
  it('keeps every digit of the neighbours', async () => {
    rig.emulator.seedRaw(V1_SLOT, { ...TEXT, api_key: '"old"' });
    const before = await rig.store.read(V1_SLOT, rig.ctx);
    const next = fresh(V1_SLOT);
    const receipt = await rig.store.write(V1_SLOT, secrets(next), before?.version, rig.ctx);
    const entries = rig.emulator.kvOf(V1_SLOT).entriesAt('apps/ci') ?? new Map();
    expect(Object.fromEntries(entries)).toEqual({ ...TEXT, api_key: JSON.stringify(next['api_key']) });
    expect((await rig.store.read(V1_SLOT, rig.ctx))?.version).toBe(receipt.version);
  });

  it('tells versions apart by content, without telling the content', async () => {
    const values = { api_key: 'a<b>&"c"' };
    await rig.emulator.seed(V1_SLOT, values);
    const first = await rig.store.read(V1_SLOT, rig.ctx);
    expect(first?.version).toMatch(/^content-fp:[0-9a-f]{12}$/);
    await rig.emulator.overwrite(V1_SLOT, fresh(V1_SLOT));
    expect((await rig.store.read(V1_SLOT, rig.ctx))?.version).not.toBe(first?.version);
    await rig.emulator.overwrite(V1_SLOT, values);
    expect((await rig.store.read(V1_SLOT, rig.ctx))?.version).toBe(first?.version);
  });

  it('is not written where it was read and is gone', async () => {
    await rig.emulator.seed(V1_SLOT, fresh(V1_SLOT));
    const before = await rig.store.read(V1_SLOT, rig.ctx);
    rig.emulator.deleteCurrent(V1_SLOT);
    expect(
      await failure(rig.store.write(V1_SLOT, secrets(fresh(V1_SLOT)), before?.version, rig.ctx)),
    ).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('the secret is gone') });
  });

  it('looks again right before it writes, and refuses when something changed, a neighbour included', async () => {
    await rig.emulator.seed(V1_SLOT, fresh(V1_SLOT));
    const before = await rig.store.read(V1_SLOT, rig.ctx);
    await rig.emulator.overwrite({ ref: V1_SLOT.ref, fields: ['other'] }, { other: 'new' });
    const effects = rig.emulator.effects();
    const attempt = rig.store.write(V1_SLOT, secrets(fresh(V1_SLOT)), before?.version, rig.ctx);
    expect((await failure(attempt)).code).toBe('CONFLICT');
    expect(rig.emulator.effects()).toBe(effects);
  });
});

describe('what cannot be', () => {
  it.each(['secret', '/secret/apps/ci', 'secret/apps/', 'secret//ci', 'secret/../ci', 'secret/a\nb'])(
    'is not sent: ref %j',
    async (ref) => {
      const error = await failure(rig.store.read({ ref, fields: ['api_key'] }, rig.ctx));
      expect(error.code).toBe('CONFIG_INVALID');
      expect(rig.traffic()).toEqual([]);
    },
  );

  it('is a slot without a field', async () => {
    expect((await failure(rig.store.read({ ref: 'secret/a', fields: [''] }, rig.ctx))).code).toBe(
      'CONFIG_INVALID',
    );
  });

  it('is a mount that is not there, which is no missing secret', async () => {
    const error = await failure(rig.store.read({ ref: 'nowhere/apps/ci', fields: ['api_key'] }, rig.ctx));
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('no handler for route'),
    });
  });

  it('is a mount of another engine', async () => {
    rig.emulator.mounts().add('transit', 'transit');
    const error = await failure(rig.store.read({ ref: 'transit/apps/ci', fields: ['api_key'] }, rig.ctx));
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('transit') });
  });

  it('is a standby that sends us elsewhere: it is named, and not followed', async () => {
    rig.emulator.state.activeNode = 'https://vault-2.example.com:8200';
    const error = await failure(rig.store.read(SLOT, rig.ctx));
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      hint: expect.stringContaining('https://vault-2.example.com:8200'),
    });
  });
});
