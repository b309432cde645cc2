import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';

/** The value of one field of a write. @throws RotationError INTERNAL when there is none */
export function valueFor(values: Fields<Secret>, field: string, place: string): Secret {
  const value = values[field];
  if (value !== undefined) return value;
  throw new RotationError('INTERNAL', {
    subject: `${place}#${field}`,
    action: 'write it',
    reason: 'a write without a value for it',
  });
}
