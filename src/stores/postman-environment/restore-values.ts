import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import type { Environment } from './environment.ts';
import { variableOf } from './variable-problems.ts';

/**
 * The old values of the fields that hold what was pushed. Those that hold their old value already need nothing.
 * @throws RotationError DRIFT when one holds something else; REFUSED when its old value is not known
 */
export function valuesToRestore(
  environment: Environment,
  slot: Slot,
  { values, pushed }: Restoration,
  subject: string,
): Fields<Secret> {
  const back: Record<string, Secret> = {};
  for (const field of slot.fields) {
    const about = { subject: `${subject}#${field}`, action: 'put the old value back' };
    const now = variableOf(environment, field)?.value;
    const old = values?.[field];
    if (old !== undefined && now === old.reveal()) continue;
    if (now !== pushed[field]?.reveal()) {
      throw new RotationError('DRIFT', { ...about, reason: 'it does not hold what this rotation pushed' });
    }
    if (old === undefined) {
      const reason = 'its old value is not known, and Postman keeps none';
      throw new RotationError('REFUSED', { ...about, reason });
    }
    back[field] = old;
  }
  return back;
}
