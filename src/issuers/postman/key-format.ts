import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';

/** `PMAK-`, 24 hex digits that Postman itself shows in masked keys, and 34 that are the secret. */
const KEY = /^(PMAK-[a-f0-9]{24})-[a-f0-9]{34}$/;

/** The half of a key that may be shown; undefined for what is not a Postman API key. */
export function publicHalf(key: Credential): string | undefined {
  return KEY.exec(key[VALUE_PART]?.reveal() ?? '')?.[1];
}

/** @throws RotationError REFUSED, with the reason but never the value */
export function refuseOtherThanKey(key: Credential, subject: string): void {
  const value = key[VALUE_PART]?.reveal();
  if (value !== undefined && KEY.test(value)) return;
  throw new RotationError('REFUSED', {
    subject,
    action: 'read the key',
    reason: problemOf(value),
    hint: 'Copy the whole key from Postman: `PMAK-`, 24 characters, `-`, 34 characters.',
  });
}

function problemOf(value: string | undefined): string {
  if (value === undefined || value.trim() === '') return 'it is empty';
  if (/\s/.test(value)) return 'it has white space in front, inside or behind';
  if (value.startsWith('PMAT-')) return 'it is a collection access key (PMAT), not an API key (PMAK)';
  return 'it does not look like a Postman API key';
}
