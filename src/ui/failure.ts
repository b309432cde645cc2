import type { ErrorCode } from '../core/errors/codes.ts';
import { EXIT, type ExitCode } from '../core/errors/exit-codes.ts';
import { isRotationError, RotationError } from '../core/errors/rotation-error.ts';

/** What a command shows of an error, in text or as JSON. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: ExitCode;
}

/**
 * Everything that can be thrown, in the words of the closed list: a mistake on the command line is
 * CONFIG_INVALID (exit 2), Ctrl-C at a prompt or in a call ABORTED (130), anything unforeseen INTERNAL (1).
 */
export function describeFailure(error: unknown): Failure {
  const { code, message, hint, exitCode } = toRotationError(error);
  return { code, message: isUsageError(error) ? withoutHelpLine(error.message) : message, hint, exitCode };
}

function toRotationError(error: unknown): RotationError {
  if (isRotationError(error)) return error;
  if (isUsageError(error)) {
    const hint = 'Run the command with --help to see its flags and arguments.';
    return new RotationError('CONFIG_INVALID', { subject: 'the command line', hint });
  }
  if (isInterruption(error)) return new RotationError('ABORTED', { subject: 'the command' });
  return new RotationError('INTERNAL', { subject: 'the command', reason: textOf(error) });
}

/** The exit code that is no failure to be shown: `--help` within a command, `this.exit(n)`. */
export function silentExitCode(error: unknown): number | undefined {
  return isOclifError(error) && error.code === 'EEXIT' ? (error.oclif.exit ?? EXIT.unexpected) : undefined;
}

interface OclifError extends Error {
  readonly code?: string;
  readonly oclif: { readonly exit?: number };
}

function isOclifError(error: unknown): error is OclifError {
  return error instanceof Error && 'oclif' in error && typeof error.oclif === 'object';
}

/** oclif gives exit 2 to whatever it refuses before `run` has done anything. */
function isUsageError(error: unknown): error is OclifError {
  return isOclifError(error) && error.code !== 'EEXIT' && error.oclif.exit === EXIT.usage;
}

function withoutHelpLine(message: string): string {
  return message.replace(/\n*See more help with --help$/, '');
}

/** `AbortError` is Node's; `ExitPromptError` is Ctrl-C in inquirer, which must not be imported to be recognised. */
function isInterruption(error: unknown): boolean {
  return error instanceof Error && ['AbortError', 'ExitPromptError'].includes(error.name);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
