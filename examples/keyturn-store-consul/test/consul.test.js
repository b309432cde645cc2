// @ts-check
import { randomUUID } from 'node:crypto';
import { RotationError, Secret, WHOLE } from 'keyturn/plugin';
import { openOnEmulator, testStore } from 'keyturn/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startConsulEmulator } from '../emulator.js';
import consul from '../index.js';

/** @import { Restoration, Store } from 'keyturn/plugin' */

await testStore(consul);

describe('what is particular to Consul', () => {
  const call = { signal: new AbortController().signal };
  const writing = { ...call, idempotencyToken: randomUUID(), rotationId: 'r-consul' };
  const slot = { ref: 'apps/ci/postman', fields: [WHOLE] };
  /** @type {Awaited<ReturnType<typeof startConsulEmulator>>} */
  let emulator;
  /** @type {Store} */
  let store;

  beforeEach(async () => {
    emulator = await startConsulEmulator();
    await emulator.seed(slot, { [WHOLE]: 'old' });
    store = await openOnEmulator(consul, emulator);
  });
  afterEach(async () => {
    await store.close?.();
    await emulator.stop();
  });

  /** @param {string} value */
  const secret = (value) => ({ [WHOLE]: new Secret(value) });

  it('keeps the flags of a key, to the last bit', async () => {
    const flags = String(2n ** 64n - 1n);
    emulator.kv.set(slot.ref, { value: 'old', flags, cas: undefined });
    const pushed = secret('new');
    const receipt = await store.write(slot, pushed, undefined, writing);
    expect(emulator.kv.get(slot.ref)).toMatchObject({ value: 'new', flags });

    await store.restore(slot, { before: undefined, values: secret('old'), receipt, pushed }, writing);
    expect(emulator.kv.get(slot.ref)).toMatchObject({ value: 'old', flags });
  });

  it('leaves the lock of a session alone, and warns of it', async () => {
    const session = randomUUID();
    emulator.kv.lock(slot.ref, session);
    const { findings } = await store.preflight(slot, call);
    expect(findings).toMatchObject([{ severity: 'warning', code: 'CONFLICT' }]);
    await store.write(slot, secret('new'), undefined, writing);
    expect(emulator.kv.get(slot.ref)).toMatchObject({ value: 'new', session, lockIndex: 1 });
  });

  it('finds out beforehand that the token may not write, and writes nothing to learn it', async () => {
    emulator.token.mayWrite = false;
    const before = emulator.kv.get(slot.ref);
    const { findings } = await store.preflight(slot, call);
    expect(findings).toMatchObject([{ severity: 'error', code: 'PERMISSION_DENIED' }]);
    expect(findings[0]?.hint).toContain('key "apps/ci/postman" { policy = "write" }');
    expect(emulator.kv.get(slot.ref)).toEqual(before);
  });

  it('asks for that by a write that cannot be done, not even where the key goes meanwhile', async () => {
    emulator.server.onWrite((moment) => {
      if (moment === 'before') emulator.kv.remove(slot.ref);
    });
    await store.preflight(slot, call);
    expect(emulator.kv.get(slot.ref)).toBeUndefined();
  });

  it('has keyturn ask again, rather than report, what may pass', async () => {
    void emulator.inject?.({ kind: 'status', status: 503, on: 'read' });
    await expect(store.preflight(slot, call)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it('tells a token that does not exist from one that may not do this', async () => {
    emulator.token.secret = randomUUID();
    await expect(store.read(slot, call)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(store.whoami(call)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('goes by the public id of its token, and shows the token to nobody', async () => {
    const identity = await store.whoami(call);
    expect(identity.attributes['accessor']).toBe(emulator.token.accessor);
    expect(JSON.stringify(identity)).not.toContain(emulator.token.secret);
  });

  it('works without a token where Consul has no ACLs', async () => {
    emulator.withoutAcls();
    const { token: _token, ...options } = emulator.options();
    const bare = await openOnEmulator(consul, emulator, { options });
    expect((await bare.whoami(call)).attributes).toEqual({ address: options['address'] });
    expect((await bare.preflight(slot, call)).findings).toEqual([]);
    await bare.write(slot, secret('new'), undefined, writing);
    expect(await emulator.peek(slot)).toEqual({ [WHOLE]: 'new' });
    await bare.close?.();
  });

  it('asks the datacenter, the namespace and the partition of its options', async () => {
    const scope = { datacenter: 'dc2', namespace: 'team-shop', partition: 'eu' };
    const there = await openOnEmulator(consul, emulator, { options: emulator.options(scope) });
    await there.whoami(call);
    await there.preflight(slot, call);
    await there.write(slot, secret('new'), undefined, writing);
    expect(emulator.server.requests.length).toBeGreaterThan(4);
    for (const { query } of emulator.server.requests) {
      expect([query.get('dc'), query.get('ns'), query.get('partition')]).toEqual(['dc2', 'team-shop', 'eu']);
    }
    // No way leads there from the datacenter of the emulator.
    emulator.options({ datacenter: 'dc3' });
    await expect(there.read(slot, call)).rejects.toThrow('No path to datacenter');
    await there.close?.();
  });

  it('reads what the leader knows, and not what a server that has fallen behind does', async () => {
    await store.write(slot, secret('new'), undefined, writing);
    const reads = emulator.server.requests.filter(({ method }) => method === 'GET');
    expect(reads.map(({ query }) => query.has('consistent'))).toEqual([true, true]);
  });

  it('refuses a value that is no text, since it could not be put back as it was', async () => {
    const bytes = Buffer.from([0x6b, 0xff, 0xfe]);
    emulator.kv.set(slot.ref, { value: bytes, flags: '0', cas: undefined });
    await expect(store.read(slot, call)).rejects.toMatchObject({ code: 'REFUSED' });
    expect((await store.preflight(slot, call)).findings).toMatchObject([
      { severity: 'error', code: 'REFUSED' },
    ]);
  });

  it('has no fields, and takes a key as Consul does', async () => {
    for (const wrong of [
      { ref: slot.ref, fields: ['api_key'] },
      { ref: `/${slot.ref}`, fields: [WHOLE] },
      { ref: 'apps/ci/', fields: [WHOLE] },
      { ref: 'apps/ci/über', fields: [WHOLE] },
    ]) {
      const { findings, restore } = await store.preflight(wrong, call);
      expect(findings).toMatchObject([{ severity: 'error', code: 'REFUSED' }]);
      expect(restore).toBe('none');
      await expect(store.write(wrong, secret('new'), undefined, writing)).rejects.toMatchObject({
        code: 'REFUSED',
      });
    }
  });

  it('takes 512 KiB, and not a byte more', async () => {
    const most = 'x'.repeat(512 * 1024);
    await store.write(slot, secret(most), undefined, writing);
    expect(await emulator.peek(slot)).toEqual({ [WHOLE]: most });
    await expect(store.write(slot, secret(`${most}x`), undefined, writing)).rejects.toMatchObject({
      code: 'LIMIT_REACHED',
    });
    const written = emulator.server.requests.filter(({ method }) => method === 'PUT');
    expect(written.map(({ body }) => body.length)).toEqual([most.length]);
  });

  it('makes no key that is not there, and no value of one that it does not know', async () => {
    const missing = { ref: 'apps/ci/missing', fields: [WHOLE] };
    await expect(store.write(missing, secret('new'), undefined, writing)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(emulator.kv.get(missing.ref)).toBeUndefined();
    /** @type {Restoration} */
    const blind = { before: undefined, values: undefined, receipt: undefined, pushed: secret('old') };
    await expect(store.restore(slot, blind, writing)).rejects.toBeInstanceOf(RotationError);
    expect(await emulator.peek(slot)).toEqual({ [WHOLE]: 'old' });
  });

  it('does not claim the version of somebody who wrote right after it', async () => {
    emulator.server.onWrite(async (moment) => {
      if (moment === 'after') await emulator.overwrite(slot, { [WHOLE]: 'theirs' });
    });
    const receipt = await store.write(slot, secret('new'), undefined, writing);
    expect(receipt.version).toBeUndefined();
  });

  it('has written, whatever becomes of the look after it', async () => {
    emulator.server.onWrite((moment) => {
      if (moment === 'after') void emulator.inject?.({ kind: 'status', status: 500, on: 'read' });
    });
    await expect(store.write(slot, secret('new'), undefined, writing)).resolves.toEqual({
      version: undefined,
    });
  });

  it('refuses an address that would show the token to the network', async () => {
    const schema = await consul.options();
    const allowed = ['https://consul.example.com:8501', 'http://127.0.0.1:8500', 'http://localhost:8500'];
    for (const address of allowed) expect(schema.safeParse({ address }).success).toBe(true);
    expect(schema.safeParse({ address: 'http://consul.example.com:8500' }).success).toBe(false);
  });
});
