import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';

/** The prefix can be set by an administrator, and lengths are not promised. */
const TOKEN = /^[A-Za-z0-9._=-]{20,}$/;

const OTHERS: readonly (readonly [prefix: string, what: string])[] = [
  ['gldt-', 'a deploy token (gldt-)'],
  ['glptt-', 'a trigger token (glptt-)'],
  ['glrt-', 'a runner token (glrt-)'],
  ['glcbt-', 'a token of a job (glcbt-)'],
  ['gloas-', 'the secret of an OAuth application (gloas-)'],
];

/** @throws RotationError REFUSED, with the reason but never the value */
export function tokenOf(key: Credential, subject: string): Secret {
  const token = key[VALUE_PART];
  const reason = problemOf(token?.reveal());
  if (token !== undefined && reason === undefined) return token;
  throw new RotationError('REFUSED', {
    subject,
    action: 'read the token',
    reason: reason ?? 'it is empty',
    hint: 'Copy the whole token from GitLab; it usually begins with `glpat-`.',
  });
}

function problemOf(value: string | undefined): string | undefined {
  if (value === undefined || value.trim() === '') return 'it is empty';
  if (/\s/.test(value)) return 'it has white space in front, inside or behind';
  const other = OTHERS.find(([prefix]) => value.startsWith(prefix));
  if (other !== undefined) return `it is ${other[1]}, not an access token`;
  return TOKEN.test(value) ? undefined : 'it does not look like an access token of GitLab';
}
