import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../src/core/credential.ts';
import type { AssistedTask, Operator } from '../../src/core/operator.ts';
import type { IssuedKey, Issuer, ReplacedKey } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { type PostmanEmulator, startPostmanEmulator } from '../../src/issuers/postman/emulator.ts';
import { plugin } from '../../src/issuers/postman/index.ts';
import { BASE_URLS } from '../../src/issuers/postman/options.ts';
import { meError } from '../../src/issuers/postman/postman-error.ts';
import { CALL, openIssuer, refusal, refusalOf } from './open-issuer.ts';

let emulator: PostmanEmulator;
beforeEach(async () => {
  emulator = await startPostmanEmulator();
});
afterEach(() => emulator.stop());

const open = (operator?: Operator): Promise<Issuer> =>
  openIssuer(plugin, emulator.options(), operator === undefined ? {} : { operator });

/** Made at run time, so that no scanner takes it for a leak. */
const madeUp = (): string =>
  ['PM', 'AK-', randomBytes(12).toString('hex'), '-', randomBytes(17).toString('hex')].join('');
const credential = (value: string): Credential => ({ value: new Secret(value) });

/** What a person copies from the web page. */
const made = async (): Promise<string> => (await emulator.issue()).credential['value']?.reveal() ?? '';

interface Person extends Operator {
  readonly tasks: AssistedTask[];
  readonly signals: AbortSignal[];
}

/** Somebody who gives this value once, and shows what they were asked to do. */
function person(value: string): Person {
  const tasks: AssistedTask[] = [];
  const signals: AbortSignal[] = [];
  return {
    tasks,
    signals,
    provideCredential: async (task, _parts, { check, signal }) => {
      tasks.push(task);
      signals.push(signal);
      await check(credential(value));
      return credential(value);
    },
    confirmDone: async (task, { signal }) => {
      tasks.push(task);
      signals.push(signal);
    },
  };
}

describe('making a key', () => {
  it('leads to a second key under the name of the rotation, and away from replacing the old one in place', async () => {
    const alice = person(await made());
    await (await open(alice)).createKey('rotation-7f3a', CALL);
    const [task] = alice.tasks;
    const text = [task?.title, ...(task?.instructions ?? [])].join('\n');
    expect(task?.url).toBe('https://go.postman.co/settings/me/api-keys');
    expect(text).toContain('rotation-7f3a');
    expect(text).toMatch(/Generate API Key/);
    expect(text).not.toMatch(/regenerate/i);
  });

  it.each(['', '\n', '\r\n'])('takes a key with %j behind it', async (end) => {
    const value = await made();
    const issued = await (await open(person(value + end))).createKey('label', CALL);
    expect(issued.credential['value']?.reveal()).toBe(value);
    expect(issued.id).toBe(value.slice(0, 29));
  });

  it.each([
    ['two newlines behind it', (value: string) => `${value}\n\n`, /white space/],
    ['a space behind it', (value: string) => `${value} `, /white space/],
    ['nothing but a newline', () => '\n', /empty/],
    ['a character missing', (value: string) => value.slice(0, -1), /does not look like/],
    ['upper case', (value: string) => value.toUpperCase(), /does not look like/],
    ['the other prefix', () => `${['PM', 'AT-'].join('')}${'A'.repeat(26)}`, /collection access key/],
  ])('refuses a key with %s, before any request', async (_what, damage, reason) => {
    const attempt = (await open(person(damage(await made())))).createKey('label', CALL);
    expect((await refusal(attempt, 'REFUSED')).message).toMatch(reason);
    expect(emulator.asked()).toBe(0);
  });
});

describe('a new key, while the person who brings it is still there', () => {
  const given = async (value: string, replaces?: ReplacedKey): Promise<IssuedKey> =>
    (await open(person(value))).createKey('label', replaces === undefined ? CALL : { ...CALL, replaces });
  const replaced = async (): Promise<{ old: IssuedKey; replaces: ReplacedKey }> => {
    const old = await emulator.issue();
    const principal = await (await open()).identify?.(old.credential, CALL);
    return { old, replaces: { id: old.id, ...(principal === undefined ? {} : { principal }) } };
  };

  it('is taken when it acts as the old one does', async () => {
    const { replaces } = await replaced();
    const value = await made();
    expect((await given(value, replaces)).id).toBe(value.slice(0, 29));
  });

  it('is refused when it is the old one, before any request', async () => {
    const { old, replaces } = await replaced();
    const asked = emulator.asked();
    const error = await refusal(given(old.credential['value']?.reveal() ?? '', replaces), 'REFUSED');
    expect(error.message).toContain(`it is the same as the old one: both begin with ${old.id}`);
    expect(emulator.asked()).toBe(asked);
  });

  it('is refused when it acts as somebody else', async () => {
    const { old } = await replaced();
    const replaces = { id: old.id, principal: { id: '1:1', display: 'somebody' } };
    const error = await refusal(given(await made(), replaces), 'REFUSED');
    expect(error.message).toContain('it acts as rotation-robot in Platform, the old one as somebody');
  });

  it('is only asked about when nothing is known of the old one: a dead key cannot be compared with', async () => {
    const old = await emulator.issue();
    expect(await given(await made(), { id: old.id })).toBeDefined();
    expect(await given(await made())).toBeDefined();
  });

  it('that Postman does not know is refused, with the hint that a fresh one may need a moment', async () => {
    const value = madeUp();
    const error = await refusal(given(value), 'UNAUTHENTICATED');
    expect(error.hint).toContain('Postman may need a little longer');
    expect(JSON.stringify([error.message, error.hint, error.context])).not.toContain(value);
  });

  it('that could not be asked about is not called wrong', async () => {
    emulator.inject?.({ kind: 'cut', on: 'any' });
    expect((await refusal(given(await made()), 'UNAVAILABLE')).retryable).toBe(true);
  });

  it('is asked for under the signal of the call, as is its deletion', async () => {
    const { signal } = new AbortController();
    const alice = person(await made());
    const issuer = await open(alice);
    await issuer.createKey('label', { signal });
    await issuer.deactivateKey?.({ id: 'x' }, { signal });
    expect(alice.signals).toEqual([signal, signal]);
  });

  it('is the same when a rehearsed person is asked again: they make no second one', async () => {
    const issuer = await open(emulator.operator);
    emulator.inject?.({ kind: 'cut', on: 'any' });
    await refusal(issuer.createKey('label', CALL), 'UNAVAILABLE');
    await issuer.createKey('label', CALL);
    expect(await emulator.keys()).toHaveLength(1);
    expect(emulator.effects()).toBe(1);
    await issuer.createKey('label', CALL);
    expect(await emulator.keys()).toHaveLength(2);
  });
});

describe('ending a key', () => {
  it('names it by its public half, with the pages of the owner and of an administrator', async () => {
    const alice = person('');
    const old = await emulator.issue();
    await (await open(alice)).deactivateKey?.({ id: old.id }, CALL);
    const text = JSON.stringify(alice.tasks);
    expect(text).toContain(old.id);
    expect(text).toContain('https://go.postman.co/settings/me/api-keys');
    expect(text).toContain('https://go.postman.co/manage-postman-keys');
    expect(text).not.toContain(old.credential['value']?.reveal() ?? '');
  });

  it('may be asked of a key that was just made, when a rotation is taken back: the task takes no side', async () => {
    const alice = person('');
    await (await open(alice)).deactivateKey?.({ id: 'x' }, CALL);
    expect(JSON.stringify(alice.tasks)).not.toMatch(/\bold\b/);
  });
});

describe('who a key is', () => {
  it('is the user in the team, so that a key of the same user in another team is another principal', async () => {
    const old = await emulator.issue();
    const principal = await (await open()).identify?.(old.credential, CALL);
    expect(principal?.id).toMatch(/^\d+:\d+$/);
    expect(principal?.display).toBe('rotation-robot in Platform');
  });

  it('is nobody for either shape of 401', async () => {
    const issuer = await open();
    for (const shape of ['legacy', 'problem'])
      await refusal(
        issuer.identify?.(credential(madeUp()), CALL) ?? Promise.resolve(shape),
        'UNAUTHENTICATED',
      );
  });

  it('is not decided by a proxy that answers 401 with a page of its own', () => {
    const page = { status: 401, headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' };
    expect(meError(page, { subject: 'postman', action: 'ask' }, 0).code).toBe('UNAVAILABLE');
  });

  it.each([
    [{}],
    [{ message: 'Unauthorized' }],
    [{ error: 'login_required' }],
    [{ detail: 'Authentication credentials were not provided.' }],
  ])('is not decided by a gateway that answers 401 with %j', (told) => {
    const answer = { status: 401, headers: {}, body: JSON.stringify(told) };
    expect(meError(answer, { subject: 'postman', action: 'ask' }, 0).code).toBe('UNAVAILABLE');
  });

  it('is the public half without the secret half, and nothing for other text', async () => {
    const issuer = await open();
    const value = madeUp();
    expect(issuer.keyIdOf(credential(value))).toBe(value.slice(0, 29));
    expect(issuer.keyIdOf(credential('something else'))).toBeUndefined();
    await refusalOf(() => issuer.validate(credential('something else')), 'REFUSED');
  });
});

describe('limits', () => {
  const about = { subject: 'postman', action: 'ask' };
  const tooMany = (headers: Record<string, string>, name = 'rateLimited') =>
    meError(
      { status: 429, headers, body: JSON.stringify({ error: { name, message: 'no' } }) },
      about,
      1_700_000_000_000,
    );

  it('does not wait for the next month when the calls of this one are used up', async () => {
    const old = await emulator.issue();
    emulator.useCalls(1_000_000);
    const attempt = (await open()).identify?.(old.credential, CALL) ?? Promise.resolve();
    expect((await refusal(attempt, 'LIMIT_REACHED')).retryable).toBe(false);
  });

  it.each([
    [{ 'retry-after': '9' }, 9],
    [{ retryafter: '8' }, 8],
    [{ 'x-ratelimit-retryafter': '7' }, 7],
    [{ 'x-ratelimit-reset': '6' }, 6],
    [{ 'x-ratelimit-reset': '1700000005' }, 5],
    [{}, undefined],
  ])('reads from %j that it has to wait %s seconds', (headers, seconds) => {
    const error = tooMany(headers as Record<string, string>);
    expect(error.code).toBe('RATE_LIMITED');
    expect(error.context.retryAfter).toBe(seconds);
  });

  it('waits as long as a gateway says that is asked too much', () => {
    const page = { status: 429, headers: { 'retry-after': '9' }, body: '<html>slow down</html>' };
    const error = meError(page, about, 0);
    expect([error.code, error.context.retryAfter]).toEqual(['RATE_LIMITED', 9]);
  });

  it('warns when few calls of the month are left, and not before', async () => {
    const issuer = await open();
    const old = await emulator.issue();
    expect(await issuer.preflight(old.credential, CALL)).toEqual([]);
    emulator.useCalls(990_000);
    expect(await issuer.preflight(old.credential, CALL)).toEqual([
      expect.objectContaining({ severity: 'warning', code: 'LIMIT_REACHED' }),
    ]);
  });

  it('reports a dead old key as a warning: it has to be replaced all the same', async () => {
    const findings = await (await open()).preflight(credential(madeUp()), CALL);
    expect(findings).toEqual([expect.objectContaining({ severity: 'warning', code: 'UNAUTHENTICATED' })]);
  });
});

describe('where it is asked', () => {
  it('has an address for each region, and takes another only over HTTPS or on this machine', async () => {
    expect(BASE_URLS).toEqual({ us: 'https://api.getpostman.com', eu: 'https://api.eu.postman.com' });
    const schema = await plugin.options();
    const accepts = (baseUrl: string): boolean => schema.safeParse({ baseUrl }).success;
    expect(accepts('https://api.postman.com')).toBe(true);
    expect(accepts('http://127.0.0.1:8080')).toBe(true);
    expect(accepts('http://api.postman.com')).toBe(false);
  });
});
