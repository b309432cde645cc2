import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';

/** Digits and small letters; some fifty of them today. */
const KEY = /^[0-9a-z]{32,128}$/;

export function isApiKey(text: string): boolean {
  return KEY.test(text);
}

/** @throws RotationError REFUSED, with the reason but never the value */
export function requireApiKey(key: Credential, subject: string): Secret {
  const value = key[VALUE_PART];
  const text = value?.reveal() ?? '';
  if (value !== undefined && isApiKey(text)) return value;
  const reason =
    text.trim() === ''
      ? 'it is empty'
      : /\s/.test(text)
        ? 'it has white space in front, inside or behind'
        : 'it does not look like an API key of Conjur (digits and small letters); a password is none';
  throw new RotationError('REFUSED', { subject, action: 'read the key', reason });
}
