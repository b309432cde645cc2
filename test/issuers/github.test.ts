import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../src/core/credential.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { AssistedTask, Operator } from '../../src/core/operator.ts';
import type { IssuedKey, Issuer, ReplacedKey } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { type GithubIssuerEmulator, startGithubIssuerEmulator } from '../../src/issuers/github/emulator.ts';
import { plugin } from '../../src/issuers/github/index.ts';
import { revokeToken } from '../../src/issuers/github/revoke-token.ts';
import { scopesLost } from '../../src/issuers/github/scopes.ts';
import { CALL, openIssuer, refusal, refusalOf } from './open-issuer.ts';

let emulator: GithubIssuerEmulator;
beforeEach(async () => {
  emulator = await startGithubIssuerEmulator();
});
afterEach(() => emulator.stop());

const open = (options: JsonObject = {}, operator?: Operator): Promise<Issuer> =>
  openIssuer(plugin, emulator.options(options), operator === undefined ? {} : { operator });

const credential = (value: string): Credential => ({ value: new Secret(value) });
const textOf = (key: IssuedKey): string => key.credential['value']?.reveal() ?? '';

/** Made at run time, so that no scanner takes it for a leak. */
const madeUp = (prefix = ['gh', 'p_'].join('')): string => prefix + randomBytes(18).toString('hex');

interface Person extends Operator {
  readonly tasks: AssistedTask[];
}

/** Somebody who gives this value once, and shows what they were asked to do. */
function person(value: string): Person {
  const tasks: AssistedTask[] = [];
  return {
    tasks,
    provideCredential: async (task, _parts, { check }) => {
      tasks.push(task);
      await check(credential(value));
      return credential(value);
    },
    confirmDone: async (task) => {
      tasks.push(task);
    },
  };
}

const replaced = async (old: IssuedKey): Promise<ReplacedKey> => {
  const principal = await (await open()).identify?.(old.credential, CALL);
  return { id: old.id, ...(principal === undefined ? {} : { principal }) };
};

describe('who a token is', () => {
  it('is the number of its user; what the token is stands beside it', async () => {
    const principal = await (await open()).identify?.(emulator.make().credential, CALL);
    expect(principal).toEqual({
      id: '583231',
      display: 'robot (classic token with repo, workflow, which expires on 2026-11-02)',
      details: {
        login: 'robot',
        userId: 583_231,
        kind: 'classic',
        scopes: ['repo', 'workflow'],
        expiresAt: '2026-11-02T10:20:30.000Z',
      },
    });
  });

  it('is the same user for a fine-grained one, of which neither scopes nor an end are told', async () => {
    const { credential: key } = emulator.make({ kind: 'fine-grained', expires: undefined });
    const principal = await (await open()).identify?.(key, CALL);
    expect(principal?.id).toBe('583231');
    expect(principal?.display).toBe('robot (fine-grained token, without an expiry)');
  });

  it('is named as audit logs name it', async () => {
    const issuer = await open();
    const value = madeUp();
    const hash = createHash('sha256').update(value).digest('base64');
    expect(issuer.keyIdOf(credential(value))).toBe(hash);
    expect(issuer.keyIdOf(credential('something else'))).toBeUndefined();
  });

  it('is nobody after a 401 of GitHub, and only then', async () => {
    const issuer = await open();
    const ask = () => issuer.identify?.(credential(madeUp()), CALL) ?? Promise.resolve();
    await refusal(ask(), 'UNAUTHENTICATED');
    void emulator.inject?.({ kind: 'status', status: 404, on: 'read' });
    await refusal(ask(), 'NOT_FOUND');
  });
});

describe('what is taken for a token', () => {
  it.each([
    ['gho_', /OAuth token/],
    ['ghu_', /user token of a GitHub App/],
    ['ghs_', /installation token/],
    ['ghr_', /refresh token/],
    ['xyz_', /does not look like/],
  ])('not one that begins with %s', async (prefix, reason) => {
    const issuer = await open();
    const error = await refusalOf(() => issuer.validate(credential(madeUp(prefix))), 'REFUSED');
    expect(error.message).toMatch(reason);
  });

  it('both kinds, of whatever length they will have, and the 40 hex digits of before 2021', async () => {
    const issuer = await open();
    const fine = ['github', '_pat_'].join('');
    for (const value of [
      madeUp(),
      `${madeUp()}${'A'.repeat(60)}`,
      `${fine}${'a1'.repeat(41)}`,
      randomBytes(20).toString('hex'),
    ]) {
      expect(() => issuer.validate(credential(value))).not.toThrow();
    }
  });
});

describe('making a token', () => {
  it('leads to the form of the old one’s kind, with name and scopes filled in', async () => {
    const replaces = await replaced(emulator.make());
    const alice = person(textOf(emulator.make()));
    await (await open({}, alice)).createKey('rot-7f3a.x', { ...CALL, replaces });
    const [task] = alice.tasks;
    expect(task?.url).toMatch(/\/settings\/tokens\/new\?description=rot-7f3a.x&scopes=repo%2Cworkflow$/);
    const text = task?.instructions.join('\n') ?? '';
    expect(text).toContain('signed in as robot');
    expect(text).toContain('Name it rot-7f3a.x');
    expect(text).not.toMatch(/regenerate/i);
  });

  it('shows both forms where nothing is known of the old one', async () => {
    const alice = person(textOf(emulator.make()));
    await (await open({}, alice)).createKey('label', CALL);
    const text = JSON.stringify(alice.tasks);
    expect(text).toContain('/settings/personal-access-tokens/new');
    expect(text).toContain('/settings/tokens/new');
  });

  const given = async (value: string, replaces?: ReplacedKey, options: JsonObject = {}): Promise<IssuedKey> =>
    (await open(options, person(value))).createKey(
      'label',
      replaces === undefined ? CALL : { ...CALL, replaces },
    );

  it('takes one of the same user with the same scopes, or more, or larger ones', async () => {
    const replaces = await replaced(emulator.make({ scopes: ['read:org', 'repo:status'] }));
    const next = emulator.make({ scopes: ['admin:org', 'gist', 'repo'] });
    expect((await given(`${textOf(next)}\n`, replaces)).id).toBe(next.id);
  });

  it('refuses the old one, without asking', async () => {
    const old = emulator.make();
    const replaces = await replaced(old);
    const asked = emulator.github.server.requests.length;
    expect((await refusal(given(textOf(old), replaces), 'REFUSED')).message).toContain('it is the old one');
    expect(emulator.github.server.requests).toHaveLength(asked);
  });

  it('refuses one of another user', async () => {
    const replaces = await replaced(emulator.make());
    const theirs = emulator.make({ userId: 99 });
    const error = await refusal(given(textOf(theirs), replaces), 'REFUSED');
    expect(error.message).toContain('it acts as user-99');
  });

  it('refuses one that lacks scopes, unless that is wanted', async () => {
    const replaces = await replaced(emulator.make({ scopes: ['repo', 'workflow'] }));
    const less = textOf(emulator.make({ scopes: ['public_repo'] }));
    expect((await refusal(given(less, replaces), 'REFUSED')).message).toContain('repo, workflow');
    expect(await given(less, replaces, { fewerScopes: true })).toBeDefined();
  });

  it('cannot compare the permissions of a fine-grained one, and takes it', async () => {
    const replaces = await replaced(emulator.make());
    expect(await given(textOf(emulator.make({ kind: 'fine-grained' })), replaces)).toBeDefined();
  });

  it('refuses the other kind where the config wants one', async () => {
    const error = await refusal(
      given(textOf(emulator.make()), undefined, { kind: 'fine-grained' }),
      'REFUSED',
    );
    expect(error.message).toContain('it is a classic token');
  });

  it('refuses one that GitHub does not know, and does not call one wrong that could not be asked about', async () => {
    const value = madeUp();
    const error = await refusal(given(value), 'UNAUTHENTICATED');
    expect(JSON.stringify([error.message, error.hint, error.context])).not.toContain(value);
    void emulator.inject?.({ kind: 'cut', on: 'any' });
    expect((await refusal(given(textOf(emulator.make())), 'UNAVAILABLE')).retryable).toBe(true);
  });
});

it.each([
  [['repo'], ['repo'], []],
  [['repo:status', 'public_repo'], ['repo'], []],
  [['read:org', 'write:org'], ['admin:org'], []],
  [['admin:org'], ['write:org'], ['admin:org']],
  [['read:packages'], ['write:packages'], []],
  [['read:user', 'user:email'], ['user'], []],
  [['workflow'], [], ['workflow']],
])('of %j, %j lacks %j', (old, next, lost) => {
  expect(scopesLost(old, next)).toEqual(lost);
});

describe('ending a token', () => {
  it('by a person: named by its hash, with the pages of both kinds; the task takes no side', async () => {
    const old = emulator.make();
    const alice = person('');
    await (await open({}, alice)).deactivateKey?.({ id: old.id, material: async () => old.credential }, CALL);
    const text = JSON.stringify(alice.tasks);
    expect(text).toContain(old.id);
    expect(text).toContain('/settings/tokens');
    expect(text).toContain('/settings/personal-access-tokens');
    expect(text).not.toMatch(/\b(old|new) (one|token)\b/);
    expect(text).not.toContain(textOf(old));
    expect(emulator.effects()).toBe(0);
  });

  it('by reporting it as exposed: without a login, and dead a little later', async () => {
    const old = emulator.make();
    const issuer = await open({ revocation: 'api' });
    const ref = { id: old.id, material: async () => old.credential };
    await issuer.deactivateKey?.(ref, CALL);
    const request = emulator.github.server.requests.at(-1);
    expect(request?.path).toBe('/api/v3/credentials/revoke');
    expect(request?.headers.authorization).toBeUndefined();
    // Accepted is not done.
    await issuer.identify?.(old.credential, CALL);
    await refusal(issuer.identify?.(old.credential, CALL) ?? Promise.resolve(), 'UNAUTHENTICATED');
    await issuer.deactivateKey?.(ref, CALL);
    expect(emulator.effects()).toBe(1);
  });

  it('by a person after all where its value is not known', async () => {
    const alice = person('');
    await (await open({ revocation: 'api' }, alice)).deactivateKey?.({ id: 'hash' }, CALL);
    expect(alice.tasks).toHaveLength(1);
  });

  it.each([
    [{ kind: 'status', status: 422 } as const, 'REFUSED'],
    [{ kind: 'status', status: 429, retryAfter: 9 } as const, 'RATE_LIMITED'],
    [{ kind: 'lost-answer' } as const, 'INDETERMINATE'],
    [{ kind: 'html' } as const, 'INDETERMINATE'],
  ])('that met %j is %s, without the value in its words', async (fault, code) => {
    const old = emulator.make();
    const issuer = await open({ revocation: 'api' });
    void emulator.inject?.({ ...fault, on: 'write' });
    const ref = { id: old.id, material: async () => old.credential };
    const error = await refusal(issuer.deactivateKey?.(ref, CALL) ?? Promise.resolve(), code as 'REFUSED');
    expect(JSON.stringify([error.message, error.hint, error.context])).not.toContain(textOf(old));
  });

  it('that GitHub refuses with the token in its words is told without it', async () => {
    const { credential: key } = emulator.make();
    const token = key['value']?.reveal() ?? '';
    const body = JSON.stringify({ message: `Invalid request: "${token}" is not a possible value` });
    const http = { send: async () => ({ status: 422, headers: {}, body }), close: () => {} };
    const error = await refusal(revokeToken(http, key, 'github', CALL.signal), 'REFUSED');
    expect(error.message).toContain('is not a possible value');
    expect(JSON.stringify([error.message, error.hint, error.context])).not.toContain(token);
  });

  it('over the API is for github.com: an Enterprise Server wants a login for it', async () => {
    const schema = await plugin.options();
    const accepts = (address?: string) =>
      schema.safeParse({ revocation: 'api', ...(address === undefined ? {} : { address }) }).success;
    expect([accepts(), accepts('https://acme.ghe.com'), accepts('https://git.acme.example')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('preflight', () => {
  it('shows when the old token ends, and what a report will do', async () => {
    const issuer = await open({ revocation: 'api' });
    const findings = await issuer.preflight(emulator.make().credential, CALL);
    expect(findings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'info: the old token expires at 2026-11-02T10:20:30.000Z',
      expect.stringMatching(/^info: .*reported to GitHub as exposed/),
    ]);
  });

  it('reports a dead old token as a warning: it has to be replaced all the same', async () => {
    const findings = await (await open()).preflight(credential(madeUp()), CALL);
    expect(findings).toEqual([expect.objectContaining({ severity: 'warning', code: 'UNAUTHENTICATED' })]);
  });
});
