import type { ErrorCode } from '../core/errors/codes.ts';
import { EXIT, type ExitCode } from '../core/errors/exit-codes.ts';
import { isRotationError, RotationError } from '../core/errors/rotation-error.ts';
import type { Finding } from '../core/finding.ts';

/** What a command shows of an error, in text or as JSON. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: ExitCode;
  /** All that preflight found, when it refused. */
  readonly findings: readonly Finding[];
}

/**
 * Everything that can be thrown, in the words of the closed list: a mistake on the command line is
 * CONFIG_INVALID (exit 2), Ctrl-C at a prompt or in a call ABORTED (130), what the file system refuses
 * PERMISSION_DENIED or UNAVAILABLE, anything unforeseen INTERNAL (1).
 */
export function describeFailure(error: unknown): Failure {
  const { code, message, hint, exitCode } = toRotationError(error);
  const said = isUsageError(error) ? withoutHelpLine(error.message) : message;
  return { code, message: said, hint, exitCode, findings: findingsOf(error) };
}

function toRotationError(error: unknown): RotationError {
  if (isRotationError(error, 'ABORTED'))
    return new RotationError('ABORTED', { hint: NOT_BEGUN, ...error.context });
  if (isRotationError(error)) return error;
  if (isUsageError(error)) {
    const hint = 'Run the command with --help to see its flags and arguments.';
    return new RotationError('CONFIG_INVALID', { subject: 'the command line', hint });
  }
  if (isInterruption(error)) return new RotationError('ABORTED', { subject: 'the command', hint: NOT_BEGUN });
  if (isFullDisk(error)) return fullDisk(error);
  if (isFileError(error)) return fileError(error);
  return new RotationError('INTERNAL', { subject: 'the command', reason: textOf(error) });
}

/** An interruption after a rotation has begun ends in a report; what ends here had begun none. */
const NOT_BEGUN = 'Nothing was begun by it. Rotations that are open are listed by `keyturn rotations`.';

/** PreflightRefusal carries them; its class stays with the use case. */
function findingsOf(error: unknown): readonly Finding[] {
  return error instanceof Error && 'findings' in error ? (error.findings as readonly Finding[]) : [];
}

/** What a write to a full disk is refused with, and it does not say where. */
const FULL = ['ENOSPC', 'EDQUOT'];

function isFullDisk(error: unknown): error is Error & { readonly path?: string } {
  return error instanceof Error && 'code' in error && FULL.includes(String(error.code));
}

function fullDisk({ message, path }: Error & { readonly path?: string }): RotationError {
  return new RotationError('UNAVAILABLE', {
    subject: path ?? 'a file',
    action: 'write it',
    reason: firstClause(message),
    hint: 'No step is run that cannot be journalled. Make room (the state folder is `state` in the config), then look with `keyturn rotations`: `keyturn resume` carries on what had begun.',
  });
}

interface FileError extends Error {
  readonly code: string;
  readonly path: string;
}

function isFileError(error: unknown): error is FileError {
  return (
    error instanceof Error &&
    'code' in error &&
    'path' in error &&
    typeof error.path === 'string' &&
    typeof error.code === 'string' &&
    /^E[A-Z]+$/.test(error.code)
  );
}

/** A file is replaced by way of one beside it, which nobody has named. */
const TEMPORARY = /\.keyturn-[0-9a-f]{12}\.tmp$/;

const NOT_ALLOWED = ['EACCES', 'EPERM', 'EROFS'];

/** A folder that cannot be written is no defect of ours. */
function fileError({ code, path, message }: FileError): RotationError {
  const hint = `Correct its owner, mode or place (the state folder is \`state\` in the config; \`keyturn doctor\` looks at it).`;
  return new RotationError(NOT_ALLOWED.includes(code) ? 'PERMISSION_DENIED' : 'UNAVAILABLE', {
    subject: path.replace(TEMPORARY, ''),
    reason: firstClause(message),
    hint,
  });
}

/** `EACCES: permission denied, open '/srv'` names the call and the path once more. */
function firstClause(message: string): string {
  return message.replace(/,.*/s, '');
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
