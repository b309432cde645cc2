import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { authorizationSecret } from '../../src/lib/kubernetes/authorization-secret.ts';
import { redactor } from '../../src/lib/redactor.ts';

it('a server that repeats a token without the word before it shows nothing', () => {
  const token = randomBytes(16).toString('hex');
  expect(authorizationSecret(`Bearer ${token}`).reveal()).toBe(`Bearer ${token}`);
  expect(redactor.redact(`token ${token} has expired`)).toBe('token [redacted] has expired');
});

it('a header of one word is taken as it is', () => {
  expect(authorizationSecret('anonymous').reveal()).toBe('anonymous');
});
