import { RotationError } from '../../core/errors/rotation-error.ts';

/** A rotation that was interrupted during preflight, or at the question, must not begin. @throws RotationError ABORTED */
export function assertNotInterrupted(signal: AbortSignal, key: string): void {
  if (!signal.aborted) return;
  throw new RotationError('ABORTED', {
    subject: `rotation of ${key}`,
    reason: 'before it had begun',
    hint: `Nothing was touched. Begin again with \`keyturn rotate ${key}\`.`,
  });
}
