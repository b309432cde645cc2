import { describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { refreshAfter } from '../../src/lib/conjur/token-lifetime.ts';
import { loginError } from '../../src/lib/http/login-error.ts';
import { createSdkCalls } from '../../src/lib/http/sdk-calls.ts';
import { crumbHeaders } from '../../src/lib/jenkins/crumb.ts';
import { identityOf } from '../../src/stores/azure-key-vault/store-identity.ts';
import { unescapeXml } from '../../src/stores/jenkins/xml-text.ts';
import { failure } from '../support/failure.ts';

const { signal } = new AbortController();
const CALL = { subject: 'the vault', action: 'write', effect: 'write', signal } as const;

describe('a call through the SDK of a vendor', () => {
  const calls = createSdkCalls('Key Vault');

  it('is known to whatever the SDK sends, and to nothing else', async () => {
    expect(await calls.run(CALL, async () => calls.current())).toBe(CALL);
    expect((await failure(Promise.resolve().then(() => calls.current()))).code).toBe('INTERNAL');
  });

  it('that the SDK cannot read says nothing of what the SDK says: it may quote the secret', async () => {
    const broken = (): Promise<never> => Promise.reject(new SyntaxError('unexpected token s3cr3t'));
    const write = await failure(calls.run(CALL, broken));
    expect([write.code, write.message.includes('s3cr3t')]).toEqual(['INDETERMINATE', false]);
    expect((await failure(calls.run({ ...CALL, effect: 'read' }, broken))).code).toBe('UNAVAILABLE');
  });

  it('keeps an error that is ours', async () => {
    const ours = new RotationError('RATE_LIMITED', { subject: 'x' });
    expect(await failure(calls.run(CALL, () => Promise.reject(ours)))).toBe(ours);
  });
});

describe('a login that a vendor’s library could not make', () => {
  const told = (error: unknown) => loginError(error, CALL, 'Log in.');

  it.each([
    ['a name that nobody knows', Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })],
    ['a server that is broken', new Error('Request failed with status code 503')],
    ['a cut connection', new Error('socket hang up')],
  ])('may be made again after %s', (_what, error) => {
    expect(told(error).code).toBe('UNAVAILABLE');
  });

  it.each([
    ['an error', new Error('invalid_grant\nrequest: {"assertion":"…"}')],
    ['a text', 'invalid_grant\nrequest: …'],
  ])('is refused otherwise, with one line of %s', (_what, error) => {
    expect(told(error)).toMatchObject({ code: 'UNAUTHENTICATED', hint: 'Log in.' });
    expect(told(error).context.reason).toBe('invalid_grant');
  });

  it('keeps an error that is ours', () => {
    const ours = new RotationError('ABORTED', { subject: 'x' });
    expect(told(ours)).toBe(ours);
  });
});

describe('the lifetime of a token of Conjur', () => {
  const token = (claims: unknown) => ({
    payload: Buffer.from(typeof claims === 'string' ? claims : JSON.stringify(claims)).toString('base64'),
  });

  it('is the one it tells, less a margin', () => {
    expect(refreshAfter(token({ iat: 100, exp: 200 }))).toBe(85_000);
  });

  it.each([
    [{ iat: 100 }],
    [{ exp: 100 }],
    [{ iat: 200, exp: 100 }],
    [7],
    ['no JSON'],
    [{ iat: '1', exp: '2' }],
  ])('is the usual one where %j tells none', (claims) => {
    expect(refreshAfter(token(claims))).toBe(300_000);
  });

  it.each([[null], ['text'], [{}], [{ payload: 7 }]])('is none of %j, which is no token', (told) => {
    expect(refreshAfter(told)).toBeUndefined();
  });
});

describe('the crumb of Jenkins', () => {
  const ask = (status: number, body: string, headers: Record<string, string> = {}) =>
    crumbHeaders({ status, headers, body }, { ...CALL, effect: 'read' });
  const crumb = JSON.stringify({ crumb: 'c', crumbRequestField: 'Jenkins-Crumb' });

  it('is sent with the session it belongs to, where there is one', () => {
    const cookies = 'JSESSIONID=a; Path=/; Expires=Wed, 01 Jan 2031 00:00:00 GMT, other=b; HttpOnly';
    expect(ask(200, crumb, { 'set-cookie': cookies })).toEqual({
      'jenkins-crumb': 'c',
      cookie: 'JSESSIONID=a; other=b',
    });
    expect(ask(200, crumb)).toEqual({ 'jenkins-crumb': 'c' });
  });

  it('is not needed where the protection is switched off, and is missed otherwise', () => {
    expect(ask(404, '')).toEqual({});
    for (const body of ['{}', 'null', '<html>', '{"crumb":"c"}'])
      expect(() => ask(200, body)).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
    expect(() => ask(401, '')).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });
});

describe('text in XML', () => {
  it.each([
    ['&#65;&#x42;&amp;&lt;&apos;', "AB&<'"],
    ['&unknown; & &#1114112; &#x110000;', '&unknown; & &#1114112; &#x110000;'],
    ['&#128273;', '🔑'],
  ])('%s is %s: what is no character stays as it stands', (xml, text) => {
    expect(unescapeXml(xml)).toBe(text);
  });
});

describe('who a token of Azure is for', () => {
  it.each<[Record<string, string>, string]>([
    [{ upn: 'ann@acme', appid: 'app', oid: 'p' }, 'ann@acme at v.vault.azure.net'],
    [{ azp: 'app', oid: 'p' }, 'app at v.vault.azure.net'],
    [{ oid: 'p' }, 'p at v.vault.azure.net'],
    [{}, 'an identity that its token does not name at v.vault.azure.net'],
  ])('%j: %s', (claims, display) => {
    const { attributes, ...told } = identityOf('https://v.vault.azure.net', claims);
    expect(told.display).toBe(display);
    expect(Object.values(attributes)).not.toContain(undefined);
  });
});
