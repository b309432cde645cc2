import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';

/**
 * The values to put back into a system that shows none: it can be given only what is known here.
 * @throws RotationError REFUSED when they are not
 */
export function oldValues({ values }: Restoration, subject: string, system: string): Fields<Secret> {
  if (values !== undefined) return values;
  throw new RotationError('REFUSED', {
    subject,
    action: 'put the old value back',
    reason: `${system} gives no secret back, and the old value is not known here`,
    hint: 'Write the old key there by hand, then run `keyturn resume`.',
  });
}
