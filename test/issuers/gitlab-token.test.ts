import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { IssuedKey, Issuer, ReplacedKey } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Wanted } from '../../src/issuers/gitlab-token/emulated-tokens.ts';
import {
  type GitlabTokenEmulator,
  startGitlabTokenEmulator,
} from '../../src/issuers/gitlab-token/emulator.ts';
import { plugin } from '../../src/issuers/gitlab-token/index.ts';
import { optionsSchema } from '../../src/issuers/gitlab-token/options.ts';
import { CALL as call, openIssuer, refusal, refusalOf } from './open-issuer.ts';

const NOON = Date.parse('2031-03-10T12:00:00Z');
const clock = { now: () => NOON, sleep: async () => {} };

let emulator: GitlabTokenEmulator;
let issuer: Issuer;
beforeEach(async () => {
  emulator = await startGitlabTokenEmulator();
  issuer = await open();
});
afterEach(async () => {
  await issuer.close?.();
  await emulator.stop();
});

/** As a user writes it: nothing is said of what the new token is like. */
async function open(changes: JsonObject = {}, settings: object = {}): Promise<Issuer> {
  const { scopes: _scopes, accessLevel: _level, ...options } = emulator.options(changes);
  return openIssuer(plugin, { ...options, ...changes }, { resolve: emulator.resolve, ...settings });
}

function old(wanted: Partial<Wanted> = {}): IssuedKey & { readonly number: string } {
  const owner = wanted.owner ?? emulator.owner();
  const { id, value } = emulator.tokens.make({
    name: 'old',
    scopes: ['read_registry', 'read_api'],
    owner,
    accessLevel: owner.startsWith('users/') ? undefined : 20,
    expiresAt: '2099-01-01',
    ...wanted,
  });
  const secret = new Secret(value);
  // As the engine names a key whose issuer reads no id from it.
  return { id: secret.fingerprint(), number: String(id), credential: { value: secret } };
}

async function replacing({ id, credential }: IssuedKey, of = issuer): Promise<ReplacedKey> {
  const principal = await of.identify?.(credential, call);
  return { id, ...(principal === undefined ? {} : { principal }) };
}

const created = (): JsonObject =>
  JSON.parse(
    emulator.server.requests.findLast(({ method }) => method === 'POST')?.body ?? '{}',
  ) as JsonObject;
const errors = async (key: IssuedKey, of = issuer): Promise<readonly string[]> =>
  (await of.preflight(key.credential, call))
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);

describe('what the new token is like', () => {
  it.each(['projects/acme/shop', 'groups/acme', 'users/42'])('is as the old one: %s', async (of) => {
    issuer = await open({ of });
    const key = old();
    const made = await issuer.createKey('rot-7.x', { ...call, replaces: await replacing(key) });
    expect(created()).toMatchObject({ name: 'rot-7.x', scopes: ['read_api', 'read_registry'] });
    expect(created()['access_level']).toBe(of.startsWith('users/') ? undefined : 20);
    expect((await issuer.identify?.(made.credential, call))?.id).toBe(
      (await issuer.identify?.(key.credential, call))?.id,
    );
  });

  it.each([
    { given: '30 days', createdAt: '2031-01-05T23:30:00Z', expiresAt: '2031-02-04', next: '2031-04-09' },
    { given: '400 days', createdAt: '2031-01-01T01:00:00Z', expiresAt: '2032-02-05', next: '2032-04-13' },
    { given: 'years', createdAt: '2021-01-01T00:00:00Z', expiresAt: '2031-02-04', next: '2032-03-09' },
    { given: 'no end', createdAt: '2021-01-01T00:00:00Z', expiresAt: null, next: undefined },
  ])('lives as long as the old one was given: $given', async ({ createdAt, expiresAt, next }) => {
    issuer = await open({}, { clock });
    const principal = {
      id: 'x',
      display: 'x',
      details: {
        tokenId: '1',
        scopes: ['api'],
        accessLevel: 30,
        createdAt,
        ...(expiresAt === null ? {} : { expiresAt }),
      },
    };
    // The emulator lives today, and refuses these dates; what was asked for is what counts.
    await issuer.createKey('rot', { ...call, replaces: { id: 'fp:0', principal } }).catch(() => {});
    expect(created()['expires_at']).toBe(next);
  });

  it('is as the config says, whatever the old one was', async () => {
    issuer = await open({ scopes: ['read_user'], accessLevel: 'guest', lifetime: '7d' });
    const key = old();
    const made = await issuer.createKey('rot', { ...call, replaces: await replacing(key) });
    expect(created()).toMatchObject({ scopes: ['read_user'], access_level: 10 });
    expect((await issuer.identify?.(made.credential, call))?.id).toBe(
      (await issuer.identify?.(key.credential, call))?.id,
    );
  });

  it('is not guessed when the old one is dead and the config says nothing', async () => {
    await refusal(issuer.createKey('rot', call), 'REFUSED');
    expect(emulator.effects()).toBe(0);
  });

  it('tells GitLab’s reason when it refuses the date', async () => {
    issuer = await open({ scopes: ['api'], accessLevel: 'guest', lifetime: '400d' });
    const error = await refusal(issuer.createKey('rot', call), 'REFUSED');
    expect(error.message).toContain('Expiration date must be before');
  });
});

describe('who a token acts as', () => {
  it('is another principal with another role or other scopes', async () => {
    const ids = await Promise.all(
      [old(), old({ accessLevel: 40 }), old({ scopes: ['api'] })].map(
        async ({ credential }) => (await issuer.identify?.(credential, call))?.id,
      ),
    );
    expect(new Set(ids).size).toBe(3);
  });

  it('takes the death of our own token for no news of the other', async () => {
    const key = old();
    emulator.own.revoked = true;
    const error = await refusal(
      issuer.identify?.(key.credential, call) ?? Promise.resolve(),
      'PERMISSION_DENIED',
    );
    expect(error.message).toContain('own token');
  });
});

describe('the end of a token', () => {
  it('revokes the one that is known by its material alone, and never rotates', async () => {
    const [key, beside] = [old(), old()];
    await issuer.deactivateKey?.({ id: key.id, material: async () => key.credential }, call);
    expect(await emulator.isLive(key.credential)).toBe(false);
    expect(await emulator.isLive(beside.credential)).toBe(true);
    // Dead already.
    await issuer.deactivateKey?.({ id: key.id, material: async () => key.credential }, call);
    await issuer.deactivateKey?.({ id: key.number }, call);
    expect(emulator.effects()).toBe(1);
    expect(emulator.server.requests.filter(({ path }) => path.includes('rotate'))).toEqual([]);
  });

  it('does not touch a token of another owner', async () => {
    const key = old({ owner: 'projects/acme/other' });
    await issuer.deactivateKey?.({ id: key.id, material: async () => key.credential }, call).catch(() => {});
    expect(await emulator.isLive(key.credential)).toBe(true);
  });

  it('does not touch a personal token of another user', async () => {
    issuer = await open({ of: 'users/42' });
    const key = old({ owner: 'users/43' });
    await refusal(
      issuer.deactivateKey?.({ id: key.id, material: async () => key.credential }, call) ?? Promise.resolve(),
      'REFUSED',
    );
    expect(await emulator.isLive(key.credential)).toBe(true);
  });

  it('says that it cannot tell which token a bare fingerprint is', async () => {
    await refusal(issuer.deactivateKey?.({ id: 'fp:0123' }, call) ?? Promise.resolve(), 'NOT_FOUND');
  });

  it('takes a project that is not to be seen for no revoked token', async () => {
    const key = old();
    issuer = await openIssuer(
      plugin,
      { ...emulator.options({ of: 'projects/acme/shop' }), of: 'projects/acme/gone' },
      { resolve: emulator.resolve },
    );
    await refusal(issuer.deactivateKey?.({ id: key.number }, call) ?? Promise.resolve(), 'NOT_FOUND');
  });
});

describe('last use', () => {
  it('is asked for without using the token', async () => {
    const key = old();
    const replaced = await replacing(key);
    const used = await issuer.lastUsed?.(replaced, call);
    expect(used?.lastUsedAt).toBeDefined();
    const asked = emulator.server.requests.length;
    expect(await issuer.lastUsed?.(replaced, call)).toEqual(used);
    const later = emulator.server.requests.slice(asked);
    const bearer = `Bearer ${key.credential['value']?.reveal()}`;
    expect(later.filter(({ headers }) => headers.authorization === bearer)).toEqual([]);
  });

  it('is undefined for a token that was never used', async () => {
    expect(await issuer.lastUsed?.({ id: old().number }, call)).toEqual({ lastUsedAt: undefined });
  });
});

describe('preflight', () => {
  it('finds a token of somebody else', async () => {
    expect(await errors(old({ owner: 'projects/acme/other' }))).toEqual([
      expect.stringMatching(/^REFUSED .* is none of projects\/acme\/shop$/),
    ]);
  });

  it.each([
    ['projects/acme/shop', 'have the role Maintainer or Owner in projects/acme/shop'],
    ['users/42', 'be an administrator'],
  ])('says what the user of its own token lacks, to whom GitLab answers 401: %s', async (of, needed) => {
    issuer = await open({ of });
    const key = old();
    emulator.demote();
    const found = (await issuer.preflight(key.credential, call)).filter(
      ({ severity }) => severity === 'error',
    );
    expect(found.length).toBeGreaterThan(0);
    for (const { code, hint } of found) {
      expect(code).toBe('PERMISSION_DENIED');
      expect(hint).toContain(needed);
    }
  });

  it('finds that keyturn would saw off its own branch', async () => {
    issuer = await open({ of: 'users/1' });
    const own = { id: 'x', credential: { value: new Secret(emulator.own.value) } };
    expect(await errors(own)).toEqual([expect.stringMatching(/^REFUSED keyturn itself asks with/)]);
  });

  it('takes a dead old token for an error only while nothing says what to make', async () => {
    const dead = old({ expiresAt: '2020-01-01' });
    expect(await errors(dead)).toEqual([expect.stringMatching(/^UNAUTHENTICATED /)]);
    expect(await errors(dead, await open({ scopes: ['api'], accessLevel: 'guest' }))).toEqual([]);
  });
});

it.each(['gldt-', 'glptt-', 'glrt-', 'glcbt-', 'gloas-'])(
  'refuses a token that begins with %s',
  async (prefix) => {
    const error = await refusalOf(
      () => issuer.validate({ value: new Secret(`${prefix}${'x'.repeat(20)}`) }),
      'REFUSED',
    );
    expect(error.message).toContain(prefix);
  },
);

it.each(['projects/../x', 'users/root', 'users/0', 'acme/shop', 'projects/'])(
  'takes %s for no owner',
  (of) => {
    expect(optionsSchema.safeParse({ token: 'env:T', of }).success).toBe(false);
  },
);
