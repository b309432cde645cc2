import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';
import { askAccess } from '../../src/lib/vault/access.ts';
import { leaseOf } from '../../src/lib/vault/login.ts';
import { lookUpSelf } from '../../src/lib/vault/token-facts.ts';
import type { VaultClient } from '../../src/lib/vault/vault-client.ts';

/** JSON that is not Vault's: no crash, and nothing is concluded from it. */

const ctx = { signal: new AbortController().signal };
const ABOUT = { subject: 'vault-prod', action: 'log in', effect: 'read' } as const;
const said = (body: unknown): HttpAnswer => ({ status: 200, headers: {}, body: JSON.stringify(body) });

describe.each([[null], [[]], [7], ['text']])('%j', (body) => {
  const unavailable = expect.objectContaining({ code: 'UNAVAILABLE' });

  it('grants nothing and denies nothing', async () => {
    await expect(askAccess(async () => said(body), 'vault-prod', ['secret/a'], ctx)).rejects.toThrow(
      unavailable,
    );
  });

  it('is no login', () => {
    expect(() => leaseOf(said(body), ABOUT)).toThrowError(unavailable);
  });

  it('is no answer to the question who we are', async () => {
    const client = { name: 'vault-prod', send: async () => said(body) } as unknown as VaultClient;
    await expect(lookUpSelf(client, new Secret('of-the-tests'), ctx.signal)).rejects.toThrow(unavailable);
  });
});

describe.each([[{ data: null }], [{ data: 7, auth: 7 }]])('%j', (body) => {
  it('grants nothing and denies nothing', async () => {
    const mayDo = await askAccess(async () => said(body), 'vault-prod', ['secret/a'], ctx);
    expect(mayDo('read', 'secret/a')).toBeUndefined();
  });

  it('is no login', () => {
    expect(() => leaseOf(said(body), ABOUT)).toThrowError(
      expect.objectContaining({ code: 'UNAUTHENTICATED' }),
    );
  });

  it('does not break the question who we are', async () => {
    const client = { name: 'vault-prod', send: async () => said(body) } as unknown as VaultClient;
    const facts = await lookUpSelf(client, new Secret('of-the-tests'), ctx.signal);
    expect(facts).toMatchObject({ displayName: 'unknown', uses: 0 });
  });
});

it.each([['root'], [null], [7], [{ read: true }]])(
  'capabilities that are %j are not read',
  async (granted) => {
    const answer = said({ data: { 'secret/a': granted } });
    const mayDo = await askAccess(async () => answer, 'vault-prod', ['secret/a'], ctx);
    expect(mayDo('read', 'secret/a')).toBeUndefined();
  },
);
