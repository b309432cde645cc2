import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { circleciError } from '../../src/lib/circleci/circleci-error.ts';
import { githubError } from '../../src/lib/github/github-error.ts';
import { gitlabError } from '../../src/lib/gitlab/gitlab-error.ts';
import type { About } from '../../src/lib/http/answer.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';
import { bitbucketError } from '../../src/stores/bitbucket-pipelines/bitbucket-error.ts';
import { travisError } from '../../src/stores/travis-ci/travis-error.ts';

/** A server that refuses a value may repeat it. An error quotes servers at a sane length, and never a part of a value. */

const ABOUT: About = { subject: 'ci/acme#KEY', action: 'write the variable', effect: 'write' };

const SYSTEMS: readonly [
  string,
  (answer: HttpAnswer, about: About) => RotationError,
  (words: string) => object,
][] = [
  ['GitHub', githubError, (message) => ({ message })],
  [
    'GitHub, in a detail',
    githubError,
    (message) => ({ message: 'Validation Failed', errors: [{ message }] }),
  ],
  ['GitLab', gitlabError, (message) => ({ message: { value: [message] } })],
  ['CircleCI', circleciError, (message) => ({ message })],
  ['Bitbucket', bitbucketError, (message) => ({ error: { message } })],
  ['Bitbucket, in a detail', bitbucketError, (detail) => ({ error: { message: 'Bad request', detail } })],
  ['Travis CI', travisError, (error_message) => ({ error_type: 'wrong_params', error_message })],
];

it.each(SYSTEMS)('%s: a value that is repeated and cut is not quoted by half', (_of, errorOf, bodyOf) => {
  const value = new Secret(randomBytes(200).toString('hex')).reveal();
  const body = JSON.stringify(bodyOf(`the value ${value} is not what we take`));
  const { message, context } = errorOf({ status: 422, headers: {}, body }, ABOUT);
  expect(message + JSON.stringify(context)).not.toContain(value.slice(0, 16));
  expect(message).toContain('the value [redacted] is not what we take');
});

it.each(SYSTEMS)('%s: a page of words is cut', (_of, errorOf, bodyOf) => {
  const body = JSON.stringify(bodyOf('so it is. '.repeat(1_000)));
  expect(errorOf({ status: 422, headers: {}, body }, ABOUT).message.length).toBeLessThan(400);
});
