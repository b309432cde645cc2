import { AwaitSignal } from '../core/await-signal.ts';
import { DEFINITIONS } from '../core/errors/definitions.ts';
import { isRotationError } from '../core/errors/rotation-error.ts';
import type { ErrorRecord } from '../core/rotation/events.ts';

const LONGEST = 2000;

/** What may be kept and shown of an error: no cause, no stack, no live value. */
export function recordOf(error: unknown, redact: (text: string) => string): ErrorRecord {
  if (isRotationError(error)) {
    return {
      code: error.code,
      message: redact(error.message).slice(0, LONGEST),
      hint: redact(error.hint).slice(0, LONGEST),
    };
  }
  if (error instanceof AwaitSignal) {
    return {
      code: 'REFUSED',
      message: redact([error.message, ...error.instructions].join('\n')),
      hint: error.next,
    };
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const { message, hint } = DEFINITIONS.INTERNAL.describe({ subject: 'a step', reason });
  return { code: 'INTERNAL', message: redact(message).slice(0, LONGEST), hint };
}
