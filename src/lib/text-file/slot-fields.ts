import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import type { TextFormat } from './text-format.ts';

/** @throws RotationError CONFIG_INVALID when no file could hold the slot */
export function assertSlot(slot: Slot, format: TextFormat, subject: string): void {
  // A slot without any field is as good as one whose field has no name.
  for (const field of slot.fields.length === 0 ? [''] : slot.fields) {
    const problem = format.problemOf(field);
    if (problem !== undefined) throw new RotationError('CONFIG_INVALID', { subject, ...problem });
  }
}

/** Each field must hold what was pushed, or (the write never happened) what was there before. @throws RotationError DRIFT */
export function assertOurs(
  slot: Slot,
  now: Fields<Secret>,
  restoration: Restoration,
  format: TextFormat,
  subject: string,
): void {
  for (const field of slot.fields) {
    const current = now[field];
    const known = [restoration.pushed[field], restoration.values?.[field]];
    if (current !== undefined && known.some((secret) => secret?.equals(current))) continue;
    throw new RotationError('DRIFT', {
      subject,
      action: 'bring the old value back',
      reason: `its ${format.nameOf(field)} holds neither the value that was pushed nor the old one`,
    });
  }
}

/** @throws RotationError REFUSED when the value of a field is not known */
export function plaintextOf(
  slot: Slot,
  values: Fields<Secret>,
  format: TextFormat,
  subject: string,
): ReadonlyMap<string, string> {
  return new Map(
    slot.fields.map((field) => {
      const secret = values[field];
      if (secret !== undefined) return [field, secret.reveal()];
      throw new RotationError('REFUSED', {
        subject,
        reason: `no value is known for its ${format.nameOf(field)}; it is never emptied`,
      });
    }),
  );
}
