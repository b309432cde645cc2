import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { circleciError } from '../../src/lib/circleci/circleci-error.ts';
import { conjurError } from '../../src/lib/conjur/conjur-error.ts';
import { dockerError } from '../../src/lib/docker/docker-error.ts';
import { githubError } from '../../src/lib/github/github-error.ts';
import { gitlabError } from '../../src/lib/gitlab/gitlab-error.ts';
import type { About } from '../../src/lib/http/answer.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';
import { kubernetesError } from '../../src/lib/kubernetes/kubernetes-error.ts';
import { vaultError } from '../../src/lib/vault/vault-error.ts';
import { vaultError as keyVaultError } from '../../src/stores/azure-key-vault/vault-error.ts';
import { bitbucketError } from '../../src/stores/bitbucket-pipelines/bitbucket-error.ts';
import { findingsIn } from '../../src/stores/command/read-answers.ts';
import { googleError } from '../../src/stores/gcp-secret-manager/google-error.ts';
import { definitionOf } from '../../src/stores/jenkins/credential-definition.ts';
import { definitionProblems } from '../../src/stores/jenkins/definition-problems.ts';
import { environmentError } from '../../src/stores/postman-environment/environment-error.ts';
import { travisError } from '../../src/stores/travis-ci/travis-error.ts';

/** A server that refuses a value may repeat it. An error quotes servers at a sane length, and never a part of a value. */

const ABOUT: About = { subject: 'ci/acme#KEY', action: 'write the variable', effect: 'write' };
const { signal } = new AbortController();

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
  ['Conjur', conjurError, (message) => ({ error: { message } })],
  ['Docker', dockerError, (message) => ({ message })],
  ['Vault', vaultError, (message) => ({ errors: [message] })],
  [
    'Key Vault',
    (answer, about) => keyVaultError(answer, { ...about, signal }),
    (message) => ({ error: { message } }),
  ],
  [
    'Secret Manager',
    (answer, about) => googleError(answer, { ...about, signal }),
    (message) => ({ error: { message } }),
  ],
  ['Kubernetes', kubernetesError, (message) => ({ kind: 'Status', message })],
  [
    'Postman',
    (answer, about) => environmentError(answer, about, 0),
    (detail) => ({ type: 'invalid', title: 'Not valid', detail }),
  ],
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
  expect(errorOf({ status: 422, headers: {}, body }, ABOUT).message.length).toBeLessThan(500);
});

it.each([
  ['Vault, which goes on over several lines', vaultError, (message: string) => ({ errors: [message] })],
  [
    'Kubernetes, whose objects are left out',
    kubernetesError,
    (message: string) => ({ kind: 'Status', message }),
  ],
] as const)('%s: a value is known in the form in which it was said', (_of, errorOf, bodyOf) => {
  const [before, behind] = [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')];
  for (const between of ['  ', ': {']) {
    const value = new Secret(`${before}${between}${behind}`).reveal();
    const body = JSON.stringify(bodyOf(`the value ${value} is not what we take`));
    const { message } = errorOf({ status: 422, headers: {}, body }, ABOUT);
    expect(message).toContain('the value [redacted] is not what we take');
  }
});

it('a program: a value in what it finds is not quoted by half', () => {
  const value = new Secret(randomBytes(200).toString('hex')).reveal();
  const words = `the value ${value} is not what we take`;
  const told = findingsIn({ findings: [{ severity: 'error', message: words, hint: words }] }, 'ci');
  expect(told).toMatchObject([
    {
      message: 'the value [redacted] is not what we take',
      hint: 'the value [redacted] is not what we take',
    },
  ]);
});

it('Jenkins: a value in the name of a kind of credential is not quoted by half', () => {
  const value = new Secret(randomBytes(200).toString('hex')).reveal();
  const text = `<kind-${value}.of></kind-${value}.of>`;
  const document = { root: `kind-${value}.of`, children: [] };
  const [problem] = definitionProblems(definitionOf(text, document, true), 'key', []);
  expect(problem?.message).toBe('it is a kind-[redacted].of, which keyturn does not write');
});
