import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/errors/codes.ts';
import type { RotationError } from '../../src/core/errors/rotation-error.ts';
import { gitguardianError } from '../../src/issuers/gitguardian-token/gitguardian-error.ts';
import { conjurError } from '../../src/lib/conjur/conjur-error.ts';
import { dockerError } from '../../src/lib/docker/docker-error.ts';
import { githubError } from '../../src/lib/github/github-error.ts';
import { gitlabError } from '../../src/lib/gitlab/gitlab-error.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';
import { kubernetesError } from '../../src/lib/kubernetes/kubernetes-error.ts';
import { saidBy, tooMany } from '../../src/lib/postman/said-by.ts';
import { bitbucketError } from '../../src/stores/bitbucket-pipelines/bitbucket-error.ts';
import { googleError } from '../../src/stores/gcp-secret-manager/google-error.ts';
import { travisError } from '../../src/stores/travis-ci/travis-error.ts';

const READ = { subject: 'it', action: 'look', effect: 'read' } as const;
const answer = (status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const GOOGLE = { ...READ, signal: new AbortController().signal };

type Reading = (answer: HttpAnswer) => RotationError;
const READINGS: Readonly<Record<string, Reading>> = {
  GitLab: (told) => gitlabError(told, READ),
  GitHub: (told) => githubError(told, READ),
  GitGuardian: (told) => gitguardianError(told, READ),
  Conjur: (told) => conjurError(told, READ),
  Docker: (told) => dockerError(told, READ),
  Kubernetes: (told) => kubernetesError(told, READ),
  Bitbucket: (told) => bitbucketError(told, READ),
  'Travis CI': (told) => travisError(told, READ),
  Google: (told) => googleError(told, GOOGLE),
};
const read = (system: string, told: HttpAnswer): RotationError => {
  const reading = READINGS[system];
  if (reading === undefined) throw new Error(`nobody reads ${system}`);
  return reading(told);
};

describe('an error answer is read in the words of its system', () => {
  it.each<[string, number, unknown, ErrorCode, string]>([
    ['GitLab', 400, { message: { name: ['is taken', 'is short'] } }, 'REFUSED', 'name is taken, is short'],
    ['GitLab', 400, { message: { base: 'is wrong' } }, 'REFUSED', 'base is wrong'],
    ['GitLab', 400, { error: 'bad', error_description: 'very' }, 'REFUSED', 'bad: very'],
    ['GitLab', 400, { message: '', error: {} }, 'REFUSED', 'status 400'],
    [
      'GitHub',
      422,
      { message: 'no', errors: ['a', 7, null, { field: 'f', code: 'c' }] },
      'REFUSED',
      'a; f c',
    ],
    ['GitGuardian', 400, { detail: 'in short' }, 'REFUSED', 'in short'],
    ['GitGuardian', 400, { error: 'of old' }, 'REFUSED', 'of old'],
    ['GitGuardian', 400, { name: ['too long'], other: 7 }, 'REFUSED', 'name: too long (status 400)'],
    ['GitGuardian', 400, { other: 7 }, 'REFUSED', 'status 400'],
    ['Conjur', 404, { message: 'as of v2' }, 'NOT_FOUND', 'as of v2'],
    ['Conjur', 404, { error: { message: 7 } }, 'NOT_FOUND', 'status 404'],
    ['Conjur', 405, 'a page', 'REFUSED', 'status 405'],
    [
      'Docker',
      400,
      { message: 'must be larger than 0 and less than 500000 bytes' },
      'LIMIT_REACHED',
      'larger',
    ],
    ['Docker', 503, { message: 'This node is not a swarm manager' }, 'REFUSED', 'swarm manager'],
    ['Docker', 500, { message: 7 }, 'UNAVAILABLE', 'status 500'],
    ['Kubernetes', 403, { kind: 'Status', message: 'exceeded quota: x' }, 'LIMIT_REACHED', 'quota'],
    ['Kubernetes', 422, { kind: 'Status', message: 'Too long: x' }, 'LIMIT_REACHED', 'Too long'],
    ['Kubernetes', 409, { kind: 'Status' }, 'CONFLICT', 'status 409'],
    ['Kubernetes', 400, { kind: 'Status', message: 'admission webhook x denied' }, 'REFUSED', 'webhook'],
    ['Bitbucket', 403, { error: { message: 'No.', detail: 'Why.' } }, 'PERMISSION_DENIED', 'No. Why.'],
    [
      'Bitbucket',
      403,
      { error: { message: 'No.', detail: { required: ['a', 'b'] } } },
      'PERMISSION_DENIED',
      'No. Required: a, b.',
    ],
    ['Bitbucket', 404, { error: { message: 'x' } }, 'NOT_FOUND', 'x'],
    ['Bitbucket', 404, { type: 'error' }, 'UNAVAILABLE', 'unexpected answer'],
    ['Travis CI', 403, { error_type: 'wrong_credentials' }, 'UNAUTHENTICATED', 'wrong_credentials'],
    ['Travis CI', 403, 'access denied', 'UNAUTHENTICATED', 'access denied'],
    ['Travis CI', 404, { error_type: 'not_found', error_message: 'gone' }, 'NOT_FOUND', 'gone'],
    ['Travis CI', 500, { error_type: 'not_found', error_message: 'gone' }, 'UNAVAILABLE', 'gone'],
    ['Google', 400, { error: { status: 'RESOURCE_EXHAUSTED', message: 'full' } }, 'LIMIT_REACHED', 'full'],
    ['Google', 429, { error: { status: 'RESOURCE_EXHAUSTED', message: 'slow' } }, 'RATE_LIMITED', 'slow'],
    ['Google', 400, { error: { status: 7, message: 7 } }, 'REFUSED', 'status 400'],
    ['Google', 400, { error: { status: 'ABORTED', message: 'moved' } }, 'REFUSED', 'moved'],
  ])('%s, %d %j: %s', (system, status, body, code, words) => {
    const error = read(system, answer(status, body));
    expect(error.code, error.message).toBe(code);
    expect(error.message).toContain(words);
  });

  it('an etag of ours that does not hold any more is a conflict at Google', () => {
    const told = answer(400, { error: { status: 'FAILED_PRECONDITION', message: 'moved' } });
    expect(googleError(told, { ...GOOGLE, etag: '"1"' }).code).toBe('CONFLICT');
  });

  it('of a cluster shows no value that was sent', () => {
    const value = `kt-${'v'.repeat(20)}`;
    const body = { data: { KEY: btoa(value), odd: 7 } };
    const told = answer(400, {
      kind: 'Status',
      message: `admission webhook denied ${value}, ${btoa(value)}`,
    });
    const { message } = kubernetesError(told, { ...READ, body });
    expect(message).toContain('webhook denied');
    expect([message.includes(value), message.includes(btoa(value))]).toEqual([false, false]);
  });
});

/** From it that a key is dead, or a slot gone, would be concluded. */
describe('an answer of somebody who stands in between is no word of the system', () => {
  const NOT_THEIRS = ['<html>Sign in</html>', '[]', 'null', '{"strange":true}'];

  it.each<[string, readonly number[]]>([
    ['GitLab', [401, 403, 404]],
    ['GitGuardian', [401, 404]],
    ['GitHub', [401]],
    ['Docker', [401, 403, 404]],
    ['Kubernetes', [401, 403, 404]],
    ['Travis CI', [403, 404]],
  ])('%s', (system, statuses) => {
    for (const status of statuses)
      for (const body of NOT_THEIRS)
        expect(read(system, answer(status, body)).code, `${status} ${body}`).toBe('UNAVAILABLE');
  });

  it('a redirect tells of a renamed repository only where GitHub points to one', () => {
    const to = (headers: Record<string, string>) => read('GitHub', answer(301, '', headers)).code;
    expect(to({ location: 'https://api.github.com/repositories/7' })).toBe('NOT_FOUND');
    expect([to({ location: 'https://login.example' }), to({})]).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
  });
});

describe('Postman', () => {
  it.each<[unknown, unknown]>([
    [{ error: { name: 'n', message: 'm' } }, { name: 'n', words: 'm' }],
    [{ title: 't', detail: 'd' }, { words: 'd' }],
    [{ title: 't' }, { words: 't' }],
    [{ error: null }, undefined],
    [{ error: { name: 'n' } }, { name: 'n', words: '' }],
    ['null', undefined],
    ['7', undefined],
    ['<html>', undefined],
  ])('says in %j: %j', (body, said) => {
    expect(saidBy(answer(400, body))).toEqual(said);
  });

  it('tells too many calls at once from all calls of a month', () => {
    const now = Date.parse('2030-01-01T00:00:00Z');
    const limited = (said: Parameters<typeof tooMany>[1], headers = {}) =>
      tooMany(answer(429, '', headers), said, READ, now);
    expect(limited({ name: 'serviceLimitExhausted', words: 'all used' }).code).toBe('LIMIT_REACHED');
    expect(limited(undefined)).toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('too many requests'),
    });
    expect(limited(undefined, { 'retry-after': '7' }).context.retryAfter).toBe(7);
    const reset = String(now / 1000 + 30);
    expect(limited(undefined, { 'x-ratelimit-reset': reset }).context.retryAfter).toBe(30);
  });
});
