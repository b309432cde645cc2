import type { ErrorCode } from './codes.ts';
import { DEFINITIONS, type ErrorContext } from './definitions.ts';
import type { ExitCode } from './exit-codes.ts';

/** The only error keyturn throws on purpose: a code to act on, a sentence, and what to do next. */
export class RotationError extends Error {
  override readonly name = 'RotationError';
  readonly code: ErrorCode;
  /** Whether the effect certainly did not happen, so that asking again is safe. */
  readonly retryable: boolean;
  readonly exitCode: ExitCode;
  readonly hint: string;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, context: ErrorContext, options: { cause?: unknown } = {}) {
    const { message, hint } = DEFINITIONS[code].describe(context);
    super(message, options);
    this.code = code;
    this.retryable = DEFINITIONS[code].retryable;
    this.exitCode = DEFINITIONS[code].exitCode;
    this.hint = hint;
    this.context = context;
  }
}

export function isRotationError(error: unknown, code?: ErrorCode): error is RotationError {
  return error instanceof RotationError && (code === undefined || error.code === code);
}
