import { isRotationError } from '../../core/errors/rotation-error.ts';

/** Undefined for what the system says is not there. @throws RotationError whatever else it says */
export async function unlessMissing<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isRotationError(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
