import { expect, it } from 'vitest';
import type { GithubClient } from '../../src/lib/github/github-client.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';
import { scopeOf } from '../../src/stores/github-actions/scope.ts';
import { createSecretsApi } from '../../src/stores/github-actions/secrets-api.ts';
import { shadowFindings } from '../../src/stores/github-actions/shadows.ts';
import { isOfThisSecond } from '../../src/stores/github-actions/stamp.ts';
import { failure } from '../support/failure.ts';

/** Answers that no emulator gives: of a proxy, and of a GitHub behind one. */

const { signal } = new AbortController();

const answering = (answer: Partial<HttpAnswer>): GithubClient => {
  const client: Pick<GithubClient, 'send'> = {
    send: async () => ({ status: 200, headers: {}, body: '', ...answer }),
  };
  return client as GithubClient;
};
const secretsBehind = (answer: Partial<HttpAnswer>) =>
  createSecretsApi(answering(answer), scopeOf('acme/shop', 'github'), 'github/acme/shop');

it('a secret is absent by GitHub’s own word, and not by that of a proxy', async () => {
  const own = secretsBehind({ status: 404, body: '{"message":"Not Found","status":"404"}' });
  expect(await own.describe('KEY', signal)).toBeUndefined();
  expect(await own.isVariable('KEY', signal)).toBe(false);

  const proxy = secretsBehind({ status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' });
  expect((await failure(proxy.describe('KEY', signal))).code).toBe('UNAVAILABLE');
  expect((await failure(proxy.isVariable('KEY', signal))).code).toBe('UNAVAILABLE');
});

it('a renamed repository is told as one, and not as a secret that is not there', async () => {
  const headers = { location: 'https://api.github.com/repositories/42/actions/secrets/KEY' };
  const error = await failure(secretsBehind({ status: 301, headers }).describe('KEY', signal));
  expect([error.code, error.message]).toEqual(['NOT_FOUND', expect.stringContaining('renamed')]);
});

it('without a time of GitHub’s own, the last update may have been in this very second', () => {
  const updatedAt = '2026-03-01T09:00:00Z';
  const facts = { updatedAt, visibility: undefined };
  expect(isOfThisSecond({ ...facts, askedAt: undefined })).toBe(true);
  expect(isOfThisSecond({ ...facts, askedAt: Date.parse(updatedAt) })).toBe(true);
  expect(isOfThisSecond({ ...facts, askedAt: Date.parse(updatedAt) + 1000 })).toBe(false);
});

it.each([403, 404, 409, 410, 422])(
  'a look for secrets of the same name that ends with %i stops nothing',
  async (status) => {
    const body = JSON.stringify({ message: 'not for this repository' });
    const asking = { client: answering({ status, body }), place: 'github/acme/shop', signal };
    const scope = scopeOf('acme/shop', 'github');
    expect(await shadowFindings('KEY', scope, { ...asking, subject: 'github/acme/shop#KEY' })).toEqual([]);
  },
);
