import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration } from '../../core/plugins/store.ts';

/**
 * For systems that show some fields and hide others. Of those that are shown, each has to hold what was pushed or what was
 * there before: anything else is somebody's who wrote after us, and the hidden half is then theirs as well.
 * @throws RotationError DRIFT before anything is put back
 */
export function refuseIfOvertaken(
  shown: Fields<string>,
  { values, pushed }: Pick<Restoration, 'values' | 'pushed'>,
  place: string,
): void {
  for (const [field, now] of Object.entries(shown)) {
    if ([pushed[field], values?.[field]].some((known) => known?.reveal() === now)) continue;
    throw new RotationError('DRIFT', {
      subject: `${place}#${field}`,
      action: 'put the old value back',
      reason: 'it holds neither the old nor the new value: somebody else wrote to it',
      hint: 'It was left alone. Decide which value is right, write it there by hand, then run `keyturn resume`.',
    });
  }
}
