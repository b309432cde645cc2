import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';

/** Before a person is asked for anything: a page that is open is not closed by a signal. @throws RotationError ABORTED */
export function stopIfAsked({ signal }: CallContext, subject: string): void {
  if (signal.aborted) throw new RotationError('ABORTED', { subject, reason: 'asked to stop' });
}
