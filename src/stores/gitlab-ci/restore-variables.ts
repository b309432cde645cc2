import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, Slot } from '../../core/plugins/store.ts';
import { setValues, wishesFor } from './write-variables.ts';

/**
 * Writes the old values again, as long as each variable holds its old value or what the push wrote. What a hidden one
 * holds nobody is told; GitLab does not say when it was written either.
 * @throws RotationError DRIFT when one of them holds something else, before any is written
 */
export async function restoreVariables(
  slot: Slot,
  { values, pushed }: Restoration,
  surroundings: Parameters<typeof setValues>[1],
): Promise<void> {
  const { subject } = surroundings;
  const action = 'put the old value back';
  if (values === undefined) {
    throw new RotationError('REFUSED', {
      subject,
      action,
      reason: 'GitLab keeps no earlier value, and the old one is not known here',
      hint: 'Write the old key there by hand, then run `keyturn resume`.',
    });
  }
  const wishes = await wishesFor(slot, values, surroundings);
  for (const { field, value, variable } of wishes) {
    if (variable.hidden) continue;
    const now = variable.value;
    const ours = pushed[field];
    if (now?.equals(value) === true || (ours !== undefined && now?.equals(ours) === true)) continue;
    throw new RotationError('DRIFT', {
      subject: `${subject}#${field}`,
      action,
      reason: 'it holds neither the old nor the new value: somebody else wrote to it',
    });
  }
  await setValues(wishes, surroundings);
}
