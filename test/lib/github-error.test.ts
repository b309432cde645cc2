import { describe, expect, it } from 'vitest';
import { githubError } from '../../src/lib/github/github-error.ts';
import { userIn } from '../../src/lib/github/user.ts';

const READ = { subject: 'github', action: 'look', effect: 'read' } as const;
const WRITE = { ...READ, effect: 'write' } as const;

const meant = (
  status: number,
  headers: Record<string, string> = {},
  body: unknown = { message: 'Said by GitHub', status: String(status) },
  about: typeof READ | typeof WRITE = READ,
) => githubError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }, about);

describe('asking too much', () => {
  const date = 'Sun, 01 Mar 2026 09:00:00 GMT';
  const reset = String(Date.parse('2026-03-01T09:01:30Z') / 1000);

  it.each([
    ['a primary limit, as 403', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset, date }, 90],
    ['a primary limit, as 429', 429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset, date }, 90],
    ['a secondary limit with a time', 403, { 'retry-after': '7', 'x-ratelimit-remaining': '4000' }, 7],
    ['a secondary limit as 429 with a time', 429, { 'retry-after': '7' }, 7],
    ['a 429 without a time', 429, {}, 60],
    ['a primary limit without times', 403, { 'x-ratelimit-remaining': '0' }, 60],
    [
      'a reset that is over already',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1', date },
      1,
    ],
  ])('%s says how long to wait', (_what, status, headers, seconds) => {
    const error = meant(status, headers as Record<string, string>);
    expect([error.code, error.context.retryAfter]).toEqual(['RATE_LIMITED', seconds]);
  });

  it('a secondary limit that is only told in words is one', () => {
    const error = meant(
      403,
      { 'x-ratelimit-remaining': '4000' },
      { message: 'You have exceeded a secondary rate limit.' },
    );
    expect([error.code, error.context.retryAfter]).toEqual(['RATE_LIMITED', 60]);
  });

  it('is known from a lack of permission, which names what is needed', () => {
    const headers = { 'x-ratelimit-remaining': '4000', 'x-accepted-github-permissions': 'secrets=write' };
    const error = meant(403, headers, { message: 'Resource not accessible by personal access token' });
    expect(error.code).toBe('PERMISSION_DENIED');
    expect(error.message).toContain('secrets=write');
  });
});

describe('what else an answer means', () => {
  it('401 with GitHub’s JSON is a dead token; the 401 of a proxy says nothing of it', () => {
    const dead = { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' };
    expect(meant(401, {}, dead).code).toBe('UNAUTHENTICATED');
    expect(meant(401, {}, { message: 'Unauthorized' }).code).toBe('UNAVAILABLE');
    expect(meant(401, { 'content-type': 'text/html' }, '<html>Log in</html>').code).toBe('UNAVAILABLE');
    // Whoever wants a login has carried nothing out.
    expect(meant(401, {}, '<html>Log in</html>', WRITE).retryable).toBe(true);
  });

  it('404 with GitHub’s JSON is something that is not there; the 404 of a proxy says nothing of it', () => {
    expect(meant(404).code).toBe('NOT_FOUND');
    expect(meant(404, { 'content-type': 'text/html' }, '<html>Not here</html>').code).toBe('UNAVAILABLE');
    expect(meant(404, {}, '', WRITE).retryable).toBe(true);
  });

  it('a renamed repository is told as one; any other redirect is not followed either', () => {
    const renamed = meant(301, { location: 'https://api.github.com/repositories/42/actions' });
    expect(renamed.code).toBe('NOT_FOUND');
    expect(renamed.message).toContain('renamed or transferred');
    expect(meant(302, { location: 'https://login.example/x' }).code).toBe('UNAVAILABLE');
  });

  it('422 quotes what GitHub finds wrong, at a sane length', () => {
    const errors = ['plain', { resource: 'Secret', field: 'name', code: 'invalid' }];
    expect(meant(422, {}, { message: 'Validation Failed', errors }).message).toContain(
      'Validation Failed; plain; name invalid',
    );
    expect(meant(422, {}, { message: 'x'.repeat(5_000) }).message.length).toBeLessThan(400);
  });

  it('a server error after a write proves nothing', () => {
    expect([meant(500, {}, {}, WRITE).code, meant(502, {}, {}, WRITE).code, meant(500).code]).toEqual([
      'INDETERMINATE',
      'INDETERMINATE',
      'UNAVAILABLE',
    ]);
  });
});

describe('what an answer tells of a token', () => {
  const user = (headers: Record<string, string>) =>
    userIn({ status: 200, headers, body: '{"id":7,"login":"octo"}' }, READ);

  it.each([
    ['2026-11-02 10:20:30 UTC', '2026-11-02T10:20:30.000Z'],
    ['2026-11-02 10:20:30 +0200', '2026-11-02T08:20:30.000Z'],
    ['2026-13-02 10:20:30 UTC', undefined],
    ['soon', undefined],
  ])('expires at %s', (header, expiresAt) => {
    expect(user({ 'github-authentication-token-expiration': header }).expiresAt).toBe(expiresAt);
  });

  it('has the scopes of the header, none, or does not tell', () => {
    expect(user({ 'x-oauth-scopes': 'repo, admin:org' }).scopes).toEqual(['admin:org', 'repo']);
    expect(user({ 'x-oauth-scopes': '' }).scopes).toEqual([]);
    expect(user({}).scopes).toBeUndefined();
  });
});
