import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';

/**
 * Writes the fields of one slot where the system takes one at a time. A failure of the first passes through: nothing
 * was written. A failure of a later one leaves a slot that is half new: INDETERMINATE, whatever the system said, so
 * that the engine looks and goes on from there.
 */
export async function writeOneByOne<Field>(
  fields: readonly Field[],
  write: (field: Field) => Promise<void>,
  subject: string,
): Promise<void> {
  for (const [index, field] of fields.entries()) {
    try {
      await write(field);
    } catch (error) {
      if (index === 0 || !isRotationError(error)) throw error;
      throw new RotationError(
        'INDETERMINATE',
        {
          subject,
          action: 'write all its fields',
          reason: `${index} of ${fields.length} are written, then: ${error.message}`,
        },
        { cause: error },
      );
    }
  }
}
