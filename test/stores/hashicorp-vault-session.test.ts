import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import {
  failure,
  fresh,
  openVaultRig,
  revealed,
  SLOT,
  secrets,
  type VaultRig,
} from './hashicorp-vault-rig.ts';

let rig: VaultRig;
beforeEach(async () => {
  rig = await openVaultRig();
  await rig.emulator.seed(SLOT, fresh(SLOT));
});
afterEach(() => rig.close());

const APPROLE = { auth: { method: 'approle' } };
const logins = (): string[] => rig.traffic().filter((line) => line.startsWith('POST /auth/'));

describe('logging in', () => {
  it.each<[JsonObject, string]>([
    [{ method: 'approle' }, 'POST /auth/approle/login'],
    [{ method: 'approle', mount: 'teams/ci' }, 'POST /auth/teams/ci/login'],
    [{ method: 'userpass', username: 'bob@example.com' }, 'POST /auth/userpass/login/bob%40example.com'],
    [{ method: 'kubernetes', role: 'ci' }, 'POST /auth/kubernetes/login'],
    [{ method: 'jwt', mount: 'gitlab', role: 'ci' }, 'POST /auth/gitlab/login'],
    [{ method: 'jwt' }, 'POST /auth/jwt/login'],
  ])('%j works, at the mount it has', async (auth, login) => {
    const store = await rig.open({ auth });
    expect(await store.read(SLOT, rig.ctx)).toBeDefined();
    expect(logins()).toEqual([login]);
  });

  it('happens once, however many requests wait for it', async () => {
    const store = await rig.open(APPROLE);
    await Promise.all(Array.from({ length: 8 }, () => store.read(SLOT, rig.ctx)));
    expect(logins()).toHaveLength(1);
  });

  it('says where and why it was refused, and not with what', async () => {
    const store = await rig.open({ auth: { method: 'userpass' } }, () => 'not-the-password');
    const error = await failure(store.read(SLOT, rig.ctx));
    expect(error).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('invalid username or password'),
      hint: expect.stringContaining('auth/userpass'),
    });
    expect(JSON.stringify([error.message, error.hint, error.context])).not.toContain('not-the-password');
  });

  it('refuses a token that dies after some uses', async () => {
    rig.emulator.tokens.issuing.uses = 5;
    const store = await rig.open(APPROLE);
    expect((await failure(store.read(SLOT, rig.ctx))).code).toBe('REFUSED');
  });
});

describe('a token that ends', () => {
  it('is renewed before it does', async () => {
    const store = await rig.open(APPROLE);
    await store.read(SLOT, rig.ctx);
    rig.advance(54 * 60_000);
    await store.read(SLOT, rig.ctx);
    expect(logins()).toEqual(['POST /auth/approle/login']);
    rig.advance(2 * 60_000);
    await Promise.all([store.read(SLOT, rig.ctx), store.read(SLOT, rig.ctx)]);
    expect(logins()).toEqual(['POST /auth/token/renew-self']);
    rig.advance(50 * 60_000);
    expect(await store.read(SLOT, rig.ctx)).toBeDefined();
    expect(logins()).toEqual([]);
  });

  it('is replaced by another login when it cannot be renewed any further', async () => {
    rig.emulator.tokens.issuing.maxSeconds = 3600;
    const store = await rig.open(APPROLE);
    await store.read(SLOT, rig.ctx);
    rig.advance(56 * 60_000);
    await store.read(SLOT, rig.ctx);
    expect(logins()).toEqual([
      'POST /auth/approle/login',
      'POST /auth/token/renew-self',
      'POST /auth/approle/login',
    ]);
  });

  it('is replaced when Vault has killed it, and the request is sent once more, a write included', async () => {
    const store = await rig.open(APPROLE);
    await store.read(SLOT, rig.ctx);
    rig.emulator.tokens.revokeAll();
    rig.traffic();
    const next = fresh(SLOT);
    await store.write(SLOT, secrets(next), '1', rig.ctx);
    expect(await rig.emulator.peek(SLOT)).toEqual(next);
    expect(rig.traffic()).toEqual([
      'POST /secret/data/apps/ci',
      'GET /auth/token/lookup-self',
      'POST /auth/approle/login',
      'POST /secret/data/apps/ci',
    ]);
  });

  it('is the end when somebody else made it', async () => {
    await rig.store.read(SLOT, rig.ctx);
    rig.emulator.tokens.revokeAll();
    expect((await failure(rig.store.read(SLOT, rig.ctx))).code).toBe('UNAUTHENTICATED');
    expect((await failure(rig.store.whoami(rig.ctx))).code).toBe('UNAUTHENTICATED');
  });
});

describe('a policy’s no', () => {
  it('is not taken for a dead token: nobody logs in again', async () => {
    const store = await rig.open(APPROLE);
    await store.read(SLOT, rig.ctx);
    rig.emulator.state.policy = { 'secret/data/other': ['read'] };
    rig.traffic();
    const error = await failure(store.read(SLOT, rig.ctx));
    expect(error).toMatchObject({
      code: 'PERMISSION_DENIED',
      message: expect.stringContaining('`read` on `secret/data/apps/ci`'),
    });
    expect(logins()).toEqual([]);
  });

  it('ends after one new login where a token may not look itself up', async () => {
    const store = await rig.open(APPROLE);
    await store.read(SLOT, rig.ctx);
    rig.emulator.state.policy = {};
    rig.emulator.state.defaultPolicy = false;
    rig.traffic();
    expect((await failure(store.read(SLOT, rig.ctx))).code).toBe('PERMISSION_DENIED');
    expect(logins()).toEqual(['POST /auth/approle/login']);
  });
});

describe('the end', () => {
  it('revokes every token it logged in for', async () => {
    const lasting = rig.emulator.tokens.live().length;
    const store = await rig.open(APPROLE);
    await store.read(SLOT, rig.ctx);
    expect(rig.emulator.tokens.live()).toHaveLength(lasting + 1);
    await store.close?.();
    expect(rig.emulator.tokens.live()).toHaveLength(lasting);
  });

  it('leaves alone the token it was given', async () => {
    const lasting = rig.emulator.tokens.live().length;
    expect(revealed(await rig.store.read(SLOT, rig.ctx))).toBeDefined();
    await rig.store.close?.();
    expect(rig.emulator.tokens.live()).toHaveLength(lasting);
  });

  it('asks nothing of batch tokens, which cannot be revoked', async () => {
    rig.emulator.tokens.issuing.batch = true;
    const store = await rig.open(APPROLE);
    await store.read(SLOT, rig.ctx);
    rig.traffic();
    await store.close?.();
    expect(rig.traffic()).toEqual([]);
  });

  it('comes even when the server is gone', async () => {
    const store = await rig.open(APPROLE);
    await store.read(SLOT, rig.ctx);
    rig.emulator.inject?.({ kind: 'cut', on: 'any' });
    await expect(store.close?.()).resolves.toBeUndefined();
  });
});
