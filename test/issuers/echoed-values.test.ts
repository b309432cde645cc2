import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { gitguardianError } from '../../src/issuers/gitguardian-token/gitguardian-error.ts';
import { loginError, statementError } from '../../src/issuers/postgres-role/postgres-error.ts';
import { describeStripeError, parseStripeError } from '../../src/issuers/stripe/stripe-error.ts';

/** Whoever refuses a key may repeat it. What is said of the refusal is cut, and has no part of the key in it. */

const ABOUT = { subject: 'the issuer', action: 'make a key', effect: 'write' } as const;

const ISSUERS: readonly [string, (words: string) => string][] = [
  ['GitGuardian', (detail) => ofGitguardian({ detail })],
  ['GitGuardian, in its older way', (error) => ofGitguardian({ error })],
  ['GitGuardian, of a field', (problem) => ofGitguardian({ name: [problem] })],
  ['PostgreSQL, of a statement', (words) => statementError(ofPostgres('42601', words), ABOUT).message],
  ['PostgreSQL, of a login', (words) => loginError(ofPostgres('28P01', words), ABOUT).message],
  ['Stripe', (message) => ofStripe({ message })],
  ['Stripe, of a parameter', (param) => ofStripe({ message: 'no such thing', param })],
];

function ofGitguardian(body: object): string {
  return gitguardianError({ status: 400, headers: {}, body: JSON.stringify(body) }, ABOUT).message;
}

function ofPostgres(code: string, message: string) {
  return { code, message, severity: 'ERROR' };
}

function ofStripe(error: object): string {
  const parsed = parseStripeError(JSON.stringify({ error }));
  return parsed === undefined ? '' : describeStripeError(parsed, 400);
}

it.each(ISSUERS)('%s: a value that is repeated and cut is not quoted by half', (_of, messageFor) => {
  const value = new Secret(randomBytes(200).toString('hex')).reveal();
  const message = messageFor(`the value ${value} is not what we take`);
  expect(message).not.toContain(value.slice(0, 16));
  expect(message).toContain('the value [redacted] is not what we take');
});

it.each(ISSUERS)(
  '%s: a value with white space in it is known in the form in which it was said',
  (_of, messageFor) => {
    const [before, behind] = [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')];
    const value = new Secret(`${before}  ${behind}`).reveal();
    expect(messageFor(`the value ${value} is not what we take`)).toContain('the value [redacted] is not');
  },
);

it.each(ISSUERS)('%s: a page of words is cut', (_of, messageFor) => {
  expect(messageFor('so it is. '.repeat(1_000)).length).toBeLessThan(500);
});
