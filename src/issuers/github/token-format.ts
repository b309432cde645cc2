import { createHash } from 'node:crypto';
import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { TokenKind } from './options.ts';

/** Prefixes are documented, lengths are not promised. Tokens from before 2021 are 40 hex digits. */
const KINDS: readonly (readonly [RegExp, TokenKind])[] = [
  [/^ghp_[A-Za-z0-9]{30,250}$/, 'classic'],
  [/^[0-9a-f]{40}$/, 'classic'],
  [/^github_pat_[A-Za-z0-9_]{50,250}$/, 'fine-grained'],
];

const OTHERS: readonly (readonly [prefix: string, what: string])[] = [
  ['gho_', 'an OAuth token (gho_)'],
  ['ghu_', 'a user token of a GitHub App (ghu_)'],
  ['ghs_', 'an installation token of a GitHub App (ghs_)'],
  ['ghr_', 'a refresh token of a GitHub App (ghr_)'],
];

export function kindOf(key: Credential): TokenKind | undefined {
  const value = key[VALUE_PART]?.reveal() ?? '';
  return KINDS.find(([pattern]) => pattern.test(value))?.[1];
}

/**
 * The name GitHub itself has for a token in audit logs (`hashed_token`): SHA-256 in base64. A token is random enough for
 * its hash to be shown. Undefined for what is no personal access token.
 */
export function hashedToken(key: Credential): string | undefined {
  if (kindOf(key) === undefined) return undefined;
  return createHash('sha256')
    .update(key[VALUE_PART]?.reveal() ?? '', 'utf8')
    .digest('base64');
}

/** @throws RotationError REFUSED, with the reason but never the value */
export function refuseOtherThanToken(key: Credential, subject: string): void {
  if (kindOf(key) !== undefined) return;
  throw new RotationError('REFUSED', {
    subject,
    action: 'read the token',
    reason: problemOf(key[VALUE_PART]?.reveal()),
    hint: 'Copy the whole token from GitHub: it begins with `ghp_` (classic) or `github_pat_` (fine-grained).',
  });
}

function problemOf(value: string | undefined): string {
  if (value === undefined || value.trim() === '') return 'it is empty';
  if (/\s/.test(value)) return 'it has white space in front, inside or behind';
  const other = OTHERS.find(([prefix]) => value.startsWith(prefix));
  if (other !== undefined) return `it is ${other[1]}, not a personal access token`;
  return 'it does not look like a personal access token of GitHub';
}
