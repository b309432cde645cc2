import { RotationError } from '../../core/errors/rotation-error.ts';
import { destinationOf } from '../http-probe/destination.ts';

/**
 * An address to send notices to, which may be a secret itself: it is not repeated in the error.
 * @throws RotationError CONFIG_INVALID
 */
export function destinationUrl(text: string, subject: string): URL {
  const { problem } = destinationOf(text.trim(), 'never');
  if (problem === undefined) return new URL(text.trim());
  throw new RotationError('CONFIG_INVALID', { subject, reason: `its address ${problem}` });
}
