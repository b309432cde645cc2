import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { loginError } from '../../src/lib/http/login-error.ts';

const ABOUT = { subject: 'vault-prod', action: 'get an access token' };

it.each([
  ['UNAUTHENTICATED', 'Invalid client secret provided'],
  ['UNAVAILABLE', 'ECONNRESET while asking with'],
])('a login that failed (%s) does not quote half of a secret', (code, words) => {
  const value = new Secret(randomBytes(200).toString('hex')).reveal();
  const error = loginError(new Error(`${words}: ${value} (trace 7)`), ABOUT, 'Log in.');
  expect(error.code).toBe(code);
  expect(error.context.reason).toBe(`${words}: [redacted] (trace 7)`);
});

it('a login that failed says so in one line, and briefly', () => {
  const error = loginError(new Error(`${'so it is. '.repeat(1_000)}\nand more`), ABOUT, 'Log in.');
  expect(error.context.reason).toHaveLength(200);
});
