import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import { writeSlot } from '../../lib/store/slot-text.ts';
import { TIER_BYTES } from './limits.ts';
import type { ParameterSettings } from './parameter-api.ts';
import { typeProblem } from './parameter-type.ts';
import type { Place } from './place.ts';

/**
 * The value a push makes of an old one, every byte beside the fields as it was.
 * @throws RotationError REFUSED, LIMIT_REACHED for what Parameter Store would refuse, before it is sent
 */
export function textWith(
  place: Place,
  old: string,
  values: Fields<Secret>,
  settings: ParameterSettings,
): string {
  const { subject } = place;
  const limit = limitOf(settings.tier);
  const text = writeSlot(place.slot, old, values, { subject, limit });
  assertWritable(place, text, settings);
  return text;
}

/** @throws RotationError REFUSED, LIMIT_REACHED */
export function assertWritable(place: Place, text: string, settings: ParameterSettings): void {
  const { subject, allowPlainText } = place;
  const wrongType = typeProblem(settings, allowPlainText);
  if (wrongType?.severity === 'error')
    throw new RotationError('REFUSED', { subject, reason: wrongType.message, hint: wrongType.hint });
  // Parameter Store takes it for a reference to another parameter.
  if (text.includes('{{')) {
    throw new RotationError('REFUSED', {
      subject,
      reason: 'the value would hold `{{`, which Parameter Store refuses',
      hint: 'Have another key made, or keep it in another store.',
    });
  }
}

export function limitOf(tier: string) {
  const hint =
    tier === 'Standard'
      ? 'Move the parameter to the tier Advanced (8192 bytes; it is billed, and there is no way back), or some of its keys to another one.'
      : 'Move some of its keys to another parameter.';
  return { bytes: TIER_BYTES[tier] ?? TIER_BYTES['Standard'] ?? 0, of: `the tier ${tier}`, hint };
}
