import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';

/**
 * What a look of a preflight finds. A refusal is a finding like others, so that all are shown at once.
 * @throws RotationError what may pass (so that it is asked again), and ABORTED
 */
export async function reported(subject: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    return [{ severity: 'error', code: error.code, subject, message: error.message, hint: error.hint }];
  }
}
