import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { Secret } from '../../src/core/secret.ts';
import { openGithubActionsStore } from '../../src/stores/github-actions/github-actions-store.ts';
import { optionsSchema } from '../../src/stores/github-actions/options.ts';
import { failure } from '../support/failure.ts';
import { freshValues, type GithubActionsRig, openGithubActionsRig } from './github-actions-rig.ts';
import { secretsOf } from './support/writes.ts';

let rig: GithubActionsRig;
beforeEach(async () => {
  rig = await openGithubActionsRig();
});
afterEach(() => rig.close());

const SLOT = { ref: 'acme/shop', fields: ['API_KEY'] };
const APP: JsonObject = { auth: { method: 'app', appId: 'Iv23liAbCd', installationId: 4711 } };

describe('a GitHub App', () => {
  it('says which App it is, and where it is installed', async () => {
    const store = await rig.open(APP);
    expect(await store.whoami(rig.ctx)).toEqual({
      display: expect.stringContaining('the App keyturn-rotator, installed in acme'),
      attributes: {
        app: 'keyturn-rotator',
        account: 'acme',
        installation: '4711',
        address: `${rig.emulator.github.server.url}/api/v3`,
      },
    });
  });

  it('signs with RS256 for ten minutes at most', async () => {
    await (await rig.open(APP)).whoami(rig.ctx);
    const [, jwt = ''] = rig.emulator.github.server.requests[0]?.headers.authorization?.split(' ') ?? [];
    const [header, claims] = jwt
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>);
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(claims).toEqual({ iss: 'Iv23liAbCd', iat: -60, exp: 540 });
  });

  it('writes with a token of its installation; all calls at once share one', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    const store = await rig.open(APP);
    const values = freshValues(SLOT);
    await Promise.all([store.read(SLOT, rig.ctx), store.read(SLOT, rig.ctx), store.read(SLOT, rig.ctx)]);
    await store.write(SLOT, secretsOf(values), undefined, rig.ctx);
    expect(await rig.emulator.peek(SLOT)).toEqual(values);
    expect(rig.emulator.github.app.issued()).toBe(1);
  });

  it('gets another token five minutes before the end of its hour', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    const store = await rig.open(APP);
    await store.read(SLOT, rig.ctx);
    await rig.clock.sleep(54 * 60_000);
    await store.read(SLOT, rig.ctx);
    expect(rig.emulator.github.app.issued()).toBe(1);
    await rig.clock.sleep(2 * 60_000);
    await store.read(SLOT, rig.ctx);
    expect(rig.emulator.github.app.issued()).toBe(2);
  });

  it('gets another when its token is refused early, also in the middle of a write', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    const store = await rig.open(APP);
    await store.read(SLOT, rig.ctx);
    rig.emulator.github.app.revokeTokens();
    const values = freshValues(SLOT);
    void rig.emulator.inject?.({ kind: 'status', status: 401, on: 'write' });
    await store.write(SLOT, secretsOf(values), undefined, rig.ctx);
    expect(await rig.emulator.peek(SLOT)).toEqual(values);
  });

  it('asks twice and no more where every token is refused', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    const store = await rig.open(APP);
    void rig.emulator.inject?.({ kind: 'status', status: 401, on: 'read', times: 100 });
    expect((await failure(store.read(SLOT, rig.ctx))).code).toBe('UNAUTHENTICATED');
  });

  it('does not take others along when one of those who wait for a token stops', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    const store = await rig.open(APP);
    const stop = new AbortController();
    const stopped = failure(store.read(SLOT, { signal: stop.signal }));
    const other = store.read(SLOT, rig.ctx);
    stop.abort();
    expect((await stopped).code).toBe('ABORTED');
    expect(await other).toBeDefined();
  });
});

describe('the private key', () => {
  const openWith = (pem: string) =>
    openGithubActionsStore(optionsSchema.parse(rig.emulator.options(APP)), {
      name: 'github',
      baseDir: '/nowhere',
      clock: rig.clock,
      timeoutMs: 5000,
      resolve: async () => new Secret(pem),
      operator: { provideCredential: () => Promise.reject(), confirmDone: () => Promise.reject() },
    });

  it('of another App is refused by GitHub, with the places to look at', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const store = await openWith(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    const error = await failure(store.read(SLOT, rig.ctx));
    expect([error.code, error.hint]).toEqual(['UNAUTHENTICATED', expect.stringContaining('clock')]);
  });

  it.each([
    ['no PEM', 'nothing of the kind'],
    [
      'a key of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    ],
  ])('that is %s is told before anything is sent, and not quoted', async (_what, pem) => {
    const store = await openWith(pem);
    const error = await failure(store.read(SLOT, rig.ctx));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(JSON.stringify([error.message, error.context])).not.toContain(pem.slice(0, 10));
    expect(rig.requests('')).toEqual([]);
  });
});

describe('a token', () => {
  it('says which user it is', async () => {
    expect((await rig.store.whoami(rig.ctx)).attributes).toEqual({
      login: 'keyturn-robot',
      userId: '583231',
      address: `${rig.emulator.github.server.url}/api/v3`,
    });
  });

  it('of an installation, made by the pipeline, says whose it is as far as it can', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    const app = await rig.open(APP);
    await app.read(SLOT, rig.ctx);
    const header = rig.emulator.github.server.requests.at(-1)?.headers.authorization ?? '';
    const store = await openGithubActionsStore(
      optionsSchema.parse({ ...rig.emulator.options(), auth: { method: 'token', token: 'env:TOKEN' } }),
      {
        name: 'github',
        baseDir: '/nowhere',
        clock: rig.clock,
        timeoutMs: 5000,
        resolve: async () => new Secret(header.replace('Bearer ', '')),
        operator: { provideCredential: () => Promise.reject(), confirmDone: () => Promise.reject() },
      },
    );
    expect((await store.whoami(rig.ctx)).attributes).toMatchObject({ account: 'acme' });
    expect((await store.preflight(SLOT, rig.ctx)).findings).toEqual([]);
  });

  it('is not asked for again when it is refused: there is no other', async () => {
    void rig.emulator.inject?.({ kind: 'status', status: 401, on: 'read', times: 100 });
    expect((await failure(rig.store.whoami(rig.ctx))).code).toBe('UNAUTHENTICATED');
    expect(rig.requests('GET /user')).toHaveLength(1);
  });
});
