import { isRotationError, type RotationError } from '../../core/errors/rotation-error.ts';

/** What a system said instead of an answer, to be shown as evidence. Rethrows a defect, and being asked to stop. */
export function evidenceError(error: unknown): RotationError {
  if (!isRotationError(error) || error.code === 'ABORTED') throw error;
  return error;
}
