import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { type Slot, WHOLE } from '../../core/plugins/store.ts';
import { Secret } from '../../core/secret.ts';
import { fieldOf, withFields } from './json-text.ts';

/** Stores whose secret is one text: the slot is that text as a whole, or keys at the top of the JSON object it is. */

/** How much one secret may hold, and what to do when it is too little. */
export interface TextLimit {
  /** Of the whole text, in UTF-8. */
  readonly bytes: number;
  /** Who says so: `Secrets Manager`. */
  readonly of: string;
  readonly hint?: string;
}

/** The slot's own fields in the text of a secret: those that exist and are not empty. @throws RotationError REFUSED */
export function readSlot(slot: Slot, text: string, subject: string): Fields<Secret> {
  refuseMixture(slot, subject);
  const fields: Record<string, Secret> = {};
  for (const field of slot.fields) {
    const value = textOf(text, field, subject);
    if (value !== undefined && value !== '') fields[field] = new Secret(value);
  }
  return fields;
}

/**
 * The text of the secret with the values in place, every other byte as it was.
 * @throws RotationError REFUSED, LIMIT_REACHED
 */
export function writeSlot(
  slot: Slot,
  text: string,
  values: Fields<Secret>,
  { subject, limit }: { readonly subject: string; readonly limit: TextLimit },
): string {
  refuseMixture(slot, subject);
  const plain: Record<string, string> = {};
  for (const field of slot.fields) {
    const value = values[field];
    if (value === undefined) continue;
    textOf(text, field, subject);
    plain[field] = value.reveal();
  }
  const next = plain[WHOLE] ?? withFields(text, plain);
  const bytes = Buffer.byteLength(next, 'utf8');
  if (bytes > limit.bytes) {
    throw new RotationError('LIMIT_REACHED', {
      subject,
      reason: `the secret would have ${bytes} bytes; ${limit.of} takes ${limit.bytes}`,
      hint: limit.hint ?? 'Move some of its keys to another secret.',
    });
  }
  return next;
}

function textOf(text: string, field: string, subject: string): string | undefined {
  if (field === WHOLE) return text;
  const found = fieldOf(text, field);
  if (found.usable) return found.text;
  throw new RotationError('REFUSED', {
    subject,
    reason: found.reason,
    hint: 'Name a key that holds a string at the top of a JSON secret, or leave `field` out.',
  });
}

function refuseMixture(slot: Slot, subject: string): void {
  if (slot.fields.length < 2 || !slot.fields.includes(WHOLE)) return;
  throw new RotationError('CONFIG_INVALID', {
    subject,
    reason: 'a target is the secret as a whole or keys of its JSON, not both',
  });
}
