import { ux } from '@oclif/core/ux';
import { redactor } from '../lib/redactor.ts';
import { describeFailure, type Failure } from './failure.ts';

/** `--json` of a failure. */
export interface FailureJson {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

/** Shows an error as JSON on stdout or as text on stderr, through the redactor, and sets the exit code. */
export function printFailure(error: unknown, mode: 'text' | 'json'): Failure {
  const failure = describeFailure(error);
  process.exitCode = failure.exitCode;
  if (mode === 'json') ux.stdout(toJsonText(failureJson(failure)));
  else ux.stderr(redactor.redact(failureText(failure)));
  if (process.env['KEYTURN_DEBUG'] === '1') ux.stderr(redactor.redact(stackOf(error)));
  return failure;
}

/** Indented, and safe to print: the redactor knows the escaped form of each value. */
export function toJsonText(json: unknown): string {
  return redactor.redact(JSON.stringify(json, undefined, 2));
}

function failureJson({ code, message, hint }: Failure): FailureJson {
  return { error: { code, message, hint } };
}

function failureText({ code, message, hint }: Failure): string {
  return `${ux.colorize('red', 'Error')} [${code}] ${message}\n${ux.colorize('bold', 'Hint')}: ${hint}`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
