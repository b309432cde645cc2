import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';
import { serverFindings } from '../../src/lib/vault/server-findings.ts';
import { createSession } from '../../src/lib/vault/session.ts';
import type { VaultClient, VaultRequest } from '../../src/lib/vault/vault-client.ts';
import { whoAmI } from '../../src/lib/vault/whoami.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { openVaultStore } from '../../src/stores/hashicorp-vault/hashicorp-vault-store.ts';
import { optionsSchema } from '../../src/stores/hashicorp-vault/options.ts';
import { selfSignedCertificate } from '../lib/self-signed.ts';
import { failure } from './hashicorp-vault-rig.ts';

/** A session against a server that answers just so, request by request. */

type Answer = { readonly status: number; readonly body?: unknown } | RotationError;
type Script = Readonly<Record<string, (request: VaultRequest, token: Secret | undefined) => Answer>>;

const { signal } = new AbortController();
const LOGIN = '/auth/approle/login';
const RENEW = '/auth/token/renew-self';
const LOOKUP = '/auth/token/lookup-self';

function setUp(script: Script, method: 'approle' | 'token' = 'approle', token = 'hvs.given') {
  const asked: string[] = [];
  const clock = virtualClock(0);
  const send = async (request: VaultRequest, sent?: Secret): Promise<HttpAnswer> => {
    const path = request.path.replace(/\?.*$/, '');
    asked.push(path);
    const said = script[path]?.(request, sent) ?? { status: 404, body: { errors: [] } };
    if (said instanceof RotationError) throw said;
    return { status: said.status, headers: {}, body: JSON.stringify(said.body ?? '') };
  };
  const client: VaultClient = {
    name: 'vault-prod',
    address: 'https://vault.example',
    namespace: '',
    send,
    sendToRoot: (request) => send(request),
    close: () => {},
  };
  const auth =
    method === 'token'
      ? ({ method, token: 'env:TOKEN' } as const)
      : ({ method, mount: 'approle', roleId: 'env:ROLE', secretId: 'env:ID' } as const);
  const session = createSession(auth, {
    client,
    clock,
    timeoutMs: 1000,
    resolve: async () => new Secret(token),
  });
  return { asked, clock, client, session };
}

/** Each login gives a new token. */
function logins(change: Readonly<Record<string, unknown>> = {}) {
  let count = 0;
  return () => {
    count += 1;
    const auth = { client_token: `hvs.${count}`, lease_duration: 3600, renewable: true, ...change };
    return { status: 200, body: { auth } };
  };
}

describe('a login', () => {
  it('that is refused by something that is no Vault is told by its status', async () => {
    const { session } = setUp({ [LOGIN]: () => ({ status: 403, body: 'a page' }) });
    expect(await failure(session.token(signal))).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('status 403'),
    });
  });

  it('that fails for other reasons is no wrong credential', async () => {
    const { session } = setUp({ [LOGIN]: () => ({ status: 500, body: { errors: ['broken'] } }) });
    expect((await failure(session.token(signal))).code).toBe('UNAVAILABLE');
  });

  it('gives a token that is good for ever when it has no lease', async () => {
    const { session, clock, asked } = setUp({ [LOGIN]: logins({ lease_duration: 0 }) });
    const token = await session.token(signal);
    clock.advance(10 * 365 * 86_400_000);
    expect(await session.token(signal)).toBe(token);
    expect(asked).toEqual([LOGIN]);
  });
});

describe('a token near its end', () => {
  const ending = async (renewal: () => Answer) => {
    const rig = setUp({ [LOGIN]: logins(), [RENEW]: renewal });
    await rig.session.token(signal);
    rig.clock.advance(3_590_000);
    return rig;
  };

  it.each([
    ['Vault refuses it', () => ({ status: 403, body: { errors: ['permission denied'] } })],
    ['the answer is lost', () => new RotationError('UNAVAILABLE', { subject: 'vault-prod' })],
  ])('is replaced by a login when %s to be renewed', async (_what, renewal) => {
    const { session, asked } = await ending(renewal);
    expect((await session.token(signal)).reveal()).toBe('hvs.2');
    expect(asked).toEqual([LOGIN, RENEW, LOGIN]);
  });

  it('is left when we are asked to stop', async () => {
    const { session, asked } = await ending(() => new RotationError('ABORTED', { subject: 'vault-prod' }));
    expect((await failure(session.token(signal))).code).toBe('ABORTED');
    expect(asked).toEqual([LOGIN, RENEW]);
  });
});

describe('a token that was denied', () => {
  it('is replaced once, however many requests it was denied to', async () => {
    const { session, asked } = setUp({ [LOGIN]: logins(), [LOOKUP]: () => ({ status: 403 }) });
    const denied = await session.token(signal);
    const replaced = await Promise.all([1, 2, 3].map(() => session.replaceIfDead(denied, signal)));
    expect(replaced).toEqual([true, true, true]);
    expect((await session.token(signal)).reveal()).toBe('hvs.2');
    expect(asked.filter((path) => path === LOGIN)).toHaveLength(2);
    expect(await session.replaceIfDead(denied, signal)).toBe(true);
    expect(asked.filter((path) => path === LOGIN)).toHaveLength(2);
  });

  it('is not revoked at the end, those after and before it are', async () => {
    const revoked: (string | undefined)[] = [];
    const dead = new Set<string>();
    const { session, clock } = setUp({
      [LOGIN]: logins({ renewable: false }),
      [LOOKUP]: (_request, token) => ({ status: dead.has(token?.reveal() ?? '') ? 403 : 200, body: {} }),
      '/auth/token/revoke-self': (_request, token) => {
        revoked.push(token?.reveal());
        return { status: 204 };
      },
    });
    await session.token(signal);
    clock.advance(3_590_000);
    const second = await session.token(signal);
    expect(await session.replaceIfDead(second, signal)).toBe(false);
    dead.add(second.reveal());
    await session.replaceIfDead(second, signal);
    await session.close();
    expect(revoked).toEqual(['hvs.1', 'hvs.3']);
  });

  it('and whose successor is dead as well ends the matter', async () => {
    const { client, session } = setUp({ [LOGIN]: logins(), [LOOKUP]: () => ({ status: 403 }) });
    expect((await failure(whoAmI(client, session, { signal }))).code).toBe('UNAUTHENTICATED');
  });
});

describe('a given token', () => {
  it.each([
    ['hvs.given\n', 'hvs.given'],
    [' hvs.given ', 'hvs.given'],
    ['hvs.given', 'hvs.given'],
    ['\n', '\n'],
  ])('%j is sent without the white space around it, unless there is nothing else', async (written, sent) => {
    const { session } = setUp({}, 'token', written);
    expect((await session.token(signal)).reveal()).toBe(sent);
  });
});

describe('an identity', () => {
  it('tells no more than the server does', async () => {
    const { client, session } = setUp(
      {
        [LOOKUP]: () => ({ status: 200, body: { data: { display_name: 'root' } } }),
        '/sys/health': () => ({ status: 404 }),
      },
      'token',
    );
    expect(await whoAmI(client, session, { signal })).toEqual({
      display: 'root at https://vault.example',
      attributes: { address: 'https://vault.example', namespace: 'root', display_name: 'root' },
    });
  });

  it('is that of the next token when the one at hand has died', async () => {
    const { client, session } = setUp({
      [LOGIN]: logins(),
      [LOOKUP]: (_request, token) =>
        token?.reveal() === 'hvs.1'
          ? { status: 403 }
          : { status: 200, body: { data: { display_name: token?.reveal() } } },
    });
    expect((await whoAmI(client, session, { signal })).attributes['display_name']).toBe('hvs.2');
  });

  it('is looked at although a standby speaks up; being asked to stop is no finding', async () => {
    const standby = (lookup: () => Answer) =>
      setUp({ '/sys/health': () => ({ status: 429, body: {} }), [LOOKUP]: lookup }, 'token');
    const fine = standby(() => ({ status: 200, body: { data: { ttl: 600 } } }));
    const findings = await serverFindings(fine.client, fine.session, true, { signal });
    expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'info UNAVAILABLE',
      'warning UNAUTHENTICATED',
    ]);
    const stopped = standby(() => new RotationError('ABORTED', { subject: 'vault-prod' }));
    const attempt = serverFindings(stopped.client, stopped.session, true, { signal });
    expect((await failure(attempt)).code).toBe('ABORTED');
  });

  it('is asked of the server that the given authority vouches for, and of no other', async () => {
    const identity = selfSignedCertificate();
    const server = createServer({ key: identity.key, cert: identity.cert }, (_request, response) => {
      response.end(JSON.stringify({ data: { display_name: 'token-ci' }, cluster_name: 'prod' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const nobody = (): Promise<never> => Promise.reject(new Error('a store asks nobody'));
    const open = (ca: object) =>
      openVaultStore(optionsSchema.parse({ address, auth: { method: 'token', token: 'env:T' }, ...ca }), {
        name: 'vault-prod',
        baseDir: '/',
        clock: virtualClock(0),
        timeoutMs: 5000,
        resolve: async (reference) => new Secret(reference === 'file:ca.pem' ? identity.cert : 'hvs.given'),
        operator: { provideCredential: nobody, confirmDone: nobody },
      });
    const [trusting, wary] = [await open({ ca: 'file:ca.pem' }), await open({})];
    try {
      expect((await trusting.whoami({ signal })).attributes).toMatchObject({ address, cluster: 'prod' });
      expect((await failure(wary.whoami({ signal }))).hint).toContain('`ca`');
    } finally {
      await trusting.close?.();
      await wary.close?.();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
