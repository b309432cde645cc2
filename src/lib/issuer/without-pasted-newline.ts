import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { Secret } from '../../core/secret.ts';

/** Pasting and piping add one newline; more than that is no accident of the terminal, and the issuer's own check says so. */
export function withoutPastedNewline(key: Credential): Credential {
  const value = key[VALUE_PART]?.reveal().replace(/\r?\n$/, '');
  return value === undefined || value === '' ? {} : { [VALUE_PART]: new Secret(value) };
}
