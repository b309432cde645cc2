import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, Slot } from '../../core/plugins/store.ts';
import { type CredentialDefinition, partOf, shownText } from './credential-definition.ts';

/**
 * Of the parts Jenkins shows (the user name), each must still be what was pushed or what was there before. The hidden
 * ones cannot be looked at.
 * @throws RotationError DRIFT
 */
export function refuseIfDrifted(
  definition: CredentialDefinition,
  slot: Slot,
  { values, pushed }: Restoration,
  subject: string,
): void {
  for (const field of slot.fields) {
    const part = partOf(definition, field);
    if (part === undefined || part.hidden) continue;
    const now = shownText(definition, part.element);
    const known = [pushed[field]?.reveal(), values?.[field]?.reveal()];
    if (now !== undefined && known.includes(now)) continue;
    throw new RotationError('DRIFT', {
      subject,
      action: 'put the old value back',
      reason: `its \`${field}\` is neither what was pushed nor what was there before`,
    });
  }
}
