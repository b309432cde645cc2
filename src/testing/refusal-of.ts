import { expect } from 'vitest';
import type { ErrorCode } from '../core/errors/codes.ts';
import { isRotationError, type RotationError } from '../core/errors/rotation-error.ts';
import type { LeakDetector } from './leaks.ts';

/** The typed error of a call that must fail, with one of the codes where some are given; searched for plaintext. */
export async function refusalOf(
  attempt: Promise<unknown>,
  leaks: LeakDetector,
  codes: readonly ErrorCode[] = [],
): Promise<RotationError> {
  const error = await attempt.then(
    (answer) => expect.fail(`expected ${codes.join(' or ') || 'an error'}, got an answer: ${typeof answer}`),
    (thrown: unknown) => thrown,
  );
  leaks.expectClean(error);
  if (!isRotationError(error)) throw error;
  if (codes.length > 0) expect(codes, `${error.code}: ${error.message}`).toContain(error.code);
  return error;
}
