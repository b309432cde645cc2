import { RotationError } from '../../src/core/errors/rotation-error.ts';

/** The error a promise ends with. */
export async function failure(attempt: Promise<unknown>): Promise<RotationError> {
  const outcome = await attempt.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  if (outcome instanceof RotationError) return outcome;
  throw new Error(`expected a RotationError, but: ${String(outcome)}`);
}
