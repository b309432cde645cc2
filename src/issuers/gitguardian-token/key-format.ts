import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { refuseDamaged } from '../../lib/issuer/key-material.ts';

/** The part that holds the id of a token: no secret, and what names it when it is to go. */
export const ID_PART = 'tokenId';

const UUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** GitGuardian documents no format of a value; what has no white space and some length may be one. */
const VALUE = '[\\x21-\\x7e]{20,}';

export function tokenIdOf(key: Credential): string | undefined {
  return key[ID_PART]?.reveal().toLowerCase();
}

/** @throws RotationError REFUSED, with the name of the part but never its value */
export function refuseOtherThanToken(key: Credential, subject: string): void {
  refuseDamaged(key, [ID_PART, VALUE_PART], { [ID_PART]: UUID, [VALUE_PART]: VALUE }, subject);
}
