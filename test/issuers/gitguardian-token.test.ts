import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../src/core/credential.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { IssuedKey, Issuer } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import {
  type GitguardianEmulator,
  startGitguardianEmulator,
} from '../../src/issuers/gitguardian-token/emulator.ts';
import { plugin } from '../../src/issuers/gitguardian-token/index.ts';
import { optionsSchema } from '../../src/issuers/gitguardian-token/options.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { CALL as call, openIssuer } from './open-issuer.ts';

let emulator: GitguardianEmulator;
let issuer: Issuer;
let old: IssuedKey;
beforeEach(async () => {
  emulator = await startGitguardianEmulator();
  issuer = await open();
  old = await emulator.issue();
});
afterEach(async () => {
  await issuer.close?.();
  await emulator.stop();
});

const open = (changes: JsonObject = {}): Promise<Issuer> =>
  openIssuer(plugin, { ...emulator.options(), ...changes }, { resolve: emulator.resolve });

const found = async (key: Credential = old.credential): Promise<readonly Finding[]> =>
  issuer.preflight(key, call);
const errors = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code} ${message}`);

async function refusal(attempt: Promise<unknown>): Promise<RotationError> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RotationError) return error;
  throw new Error(`expected a RotationError, not ${String(error)}`);
}

const manager = (): Credential => ({
  tokenId: new Secret(emulator.manager.id),
  value: new Secret(emulator.manager.value),
});

describe('making a token', () => {
  it('asks for the scopes and the lifetime of the config, and the type of the manager', async () => {
    issuer = await open({ scopes: ['scan', 'incidents:read'], lifetimeDays: 90 });
    const made = await issuer.createKey('keyturn-rot-1', call);
    const sent = emulator.server.requests.find(({ method }) => method === 'POST');
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      name: 'keyturn-rot-1',
      type: 'service_account',
      scopes: ['scan', 'incidents:read'],
      lifetime: 90,
    });
    expect(made.credential['tokenId']?.reveal()).toBe(made.id);
  });

  it('asks again later when another one is being made, since this one was not', async () => {
    emulator.inject?.({ kind: 'status', status: 409, on: 'write' });
    const error = await refusal(issuer.createKey('keyturn-rot-1', call));
    expect(error.retryable).toBe(true);
    expect(emulator.effects()).toBe(0);
  });

  it('says which field was wrong, and that nothing was made', async () => {
    await issuer.createKey('keyturn-rot-1', call);
    const error = await refusal(issuer.createKey('keyturn-rot-1', call));
    expect(error.code).toBe('REFUSED');
    expect(error.message).toContain('name: A token of this name already exists.');
  });

  it('is never two when the answer holds no value', async () => {
    emulator.inject?.({ kind: 'status', status: 201, on: 'write' });
    expect((await refusal(issuer.createKey('keyturn-rot-1', call))).code).toBe('INDETERMINATE');
  });
});

describe('preflight', () => {
  it('is content with a healthy token', async () => {
    expect(await found()).toEqual([]);
  });

  it('does not revoke another token than the one of the value, and tells the right id', async () => {
    const other = await emulator.issue();
    const mixed = { ...old.credential, tokenId: new Secret(other.id) };
    const [error] = (await found(mixed)).filter(({ severity }) => severity === 'error');
    expect(error?.code).toBe('REFUSED');
    expect(error?.hint).toContain(old.id);
  });

  it('refuses a manager that is the token itself', async () => {
    expect(errors(await found(manager())).join()).toContain('is `manager` itself');
  });

  it('names every scope that the manager lacks', async () => {
    emulator.manager.scopes = ['scan'];
    expect(errors(await found())[0]).toContain('api_tokens:read, api_tokens:write');
  });

  it('knows that who may write may read', async () => {
    issuer = await open({ scopes: ['scan', 'incidents:read'] });
    expect(await found()).toEqual([]);
  });

  it('refuses a token of somebody else, which the manager cannot make', async () => {
    emulator.manager.type = 'personal_access_token';
    emulator.manager.memberId = 7;
    expect(errors(await found()).join()).toContain('member 7');
  });

  it('warns of scopes that the new token would not have', async () => {
    const token = emulator.tokens.find(old.id);
    if (token !== undefined) token.scopes = ['scan', 'incidents:write'];
    expect(await found()).toEqual([
      expect.objectContaining({ severity: 'warning', message: expect.stringContaining('incidents:write') }),
    ]);
  });

  it('warns of a dead old token, and goes on: it has to be replaced all the same', async () => {
    await issuer.deactivateKey?.({ id: old.id }, call);
    expect(await found()).toEqual([
      expect.objectContaining({ severity: 'warning', code: 'UNAUTHENTICATED' }),
    ]);
  });

  it('does not revoke a live token in place of a dead one', async () => {
    await issuer.deactivateKey?.({ id: old.id }, call);
    const other = await emulator.issue();
    const mixed = { ...old.credential, tokenId: new Secret(other.id) };
    expect(errors(await found(mixed)).join()).toContain('is that of a live token');
    const unknown = { ...old.credential, tokenId: new Secret('00000000-0000-4000-8000-000000000000') };
    expect(errors(await found(unknown))).toEqual([]);
  });

  it('warns when a member has as many personal access tokens as are allowed', async () => {
    Object.assign(emulator.manager, { type: 'personal_access_token', memberId: 7 });
    old = await emulator.issue();
    for (let more = 0; more < 3; more += 1) await emulator.issue();
    expect(await found()).toEqual([expect.objectContaining({ severity: 'warning', code: 'LIMIT_REACHED' })]);
  });
});

it('proves a token dead by GitGuardian’s 401, and by nobody else’s', async () => {
  const identify = async (by: Issuer) => refusal(by.identify?.(old.credential, call) ?? Promise.resolve());
  await issuer.deactivateKey?.({ id: old.id }, call);
  expect((await identify(issuer)).code).toBe('UNAUTHENTICATED');

  const proxy = await startLoopbackServer({
    isWrite: () => false,
    handle: () => ({ status: 401, headers: { 'content-type': 'text/html' }, body: '<h1>Who are you?</h1>' }),
  });
  const behind = await open({ baseUrl: proxy.url });
  expect((await identify(behind)).code).toBe('UNAVAILABLE');
  await behind.close?.();
  await proxy.stop();
});

it('lists the tokens of its owner, nobody else’s, and not the manager', async () => {
  emulator.tokens.make({ name: 'mine', type: 'personal_access_token', memberId: 9, scopes: ['scan'] });
  const listed = (await issuer.listKeys?.(call)) ?? [];
  expect(listed.map(({ id }) => id)).toEqual([old.id]);
});

it('does not take half a list for all of it, where the pages lead in circles', async () => {
  const self = { id: emulator.manager.id, workspace_id: 1, type: 'service_account', status: 'active' };
  const circling = await startLoopbackServer({
    isWrite: () => false,
    handle: ({ path }) =>
      path.endsWith('/self')
        ? { status: 200, body: JSON.stringify(self) }
        : { status: 200, headers: { link: '</v1/api_tokens?cursor=again>; rel="next"' }, body: '[]' },
  });
  const led = await open({ baseUrl: circling.url });
  expect((await refusal(led.listKeys?.(call) ?? Promise.resolve())).code).toBe('UNAVAILABLE');
  await led.close?.();
  await circling.stop();
});

describe('a list', () => {
  const token = {
    id: '0f8c1d6e-0000-4000-8000-000000000001',
    name: 'keyturn-1',
    workspace_id: 1,
    type: 'service_account',
    status: 'active',
  };
  const listed = async (items: readonly unknown[]) => {
    const server = await startLoopbackServer({
      isWrite: () => false,
      handle: ({ path }) => ({
        status: 200,
        body: JSON.stringify(path.endsWith('/self') ? { ...token, id: 'the-manager' } : items),
      }),
    });
    const by = await open({ baseUrl: server.url });
    try {
      return await by.listKeys?.(call);
    } finally {
      await by.close?.();
      await server.stop();
    }
  };

  it.each([[null], ['text'], [{}], [{ ...token, id: 7 }], [{ ...token, workspace_id: '1' }]])(
    'with %j in it is not understood: a token that is not seen would be made twice',
    async (item) => {
      expect((await refusal(listed([token, item]))).code).toBe('UNAVAILABLE');
    },
  );

  it('may hold tokens of kinds that are not known yet', async () => {
    const other = { ...token, id: 'another', type: 'team_token' };
    expect((await listed([other, token]))?.map(({ id }) => id)).toEqual([token.id]);
  });
});

it('tells when a token was last used', async () => {
  const usage = () => issuer.lastUsed?.({ id: old.id }, call);
  expect((await usage())?.lastUsedAt).toBeUndefined();
  await issuer.identify?.(old.credential, call);
  expect((await usage())?.lastUsedAt).toBeDefined();
});

it.each(['http://api.example.com/v1', 'https://api.example.com/v1?x=1'])(
  'refuses the address %s',
  (baseUrl) => {
    expect(optionsSchema.safeParse({ manager: 'env:M', scopes: ['scan'], baseUrl }).success).toBe(false);
  },
);
