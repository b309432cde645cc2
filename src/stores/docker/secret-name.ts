import { RotationError } from '../../core/errors/rotation-error.ts';
import { type Slot, WHOLE } from '../../core/plugins/store.ts';

const NAME = /^[a-zA-Z0-9](?:[-_.a-zA-Z0-9]*[a-zA-Z0-9])?$/;

/** @throws RotationError CONFIG_INVALID when no secret could be called so */
export function secretName({ ref, fields }: Slot, store: string): string {
  const subject = `${store}/${ref}`;
  if (!NAME.test(ref) || ref.length > 64) {
    throw new RotationError('CONFIG_INVALID', {
      subject,
      reason: 'its `ref` cannot be the name of a swarm secret',
      hint: 'Letters, digits, `-`, `_` and `.`, at most 64 of them.',
    });
  }
  if (fields.length !== 1 || fields[0] !== WHOLE) {
    throw new RotationError('CONFIG_INVALID', {
      subject,
      reason: 'a swarm secret is one value and has no fields',
      hint: 'Leave `field` out; for a pair, use two secrets.',
    });
  }
  return ref;
}
