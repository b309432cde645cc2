import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Slot } from '../../core/plugins/store.ts';

/** A slot, and where it is. */
export interface Place {
  readonly slot: Slot;
  readonly name: string;
  readonly subject: string;
}

/** @throws RotationError CONFIG_INVALID */
export function placeOf(slot: Slot, store: string): Place {
  const subject = `${store}/${slot.ref}`;
  if (/^[0-9A-Za-z-]{1,127}$/.test(slot.ref)) return { slot, name: slot.ref, subject };
  throw new RotationError('CONFIG_INVALID', {
    subject,
    reason: '`ref` is not the name of a secret (letters, digits and hyphens)',
    hint: 'Name the secret alone, without vault and version: `checkout-payments-key`.',
  });
}
