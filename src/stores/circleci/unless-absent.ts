import { isRotationError } from '../../core/errors/rotation-error.ts';

/** Undefined in place of NOT_FOUND. */
export async function unlessAbsent<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (isRotationError(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
