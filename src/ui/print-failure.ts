import { ux } from '@oclif/core/ux';
import type { Finding } from '../core/finding.ts';
import { redactor } from '../lib/redactor.ts';
import { describeFailure, type Failure } from './failure.ts';
import { renderFinding } from './render/render-finding.ts';

/** `--json` of a failure. */
export interface FailureJson {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    /** Present when preflight refused. */
    readonly findings?: readonly Finding[];
  };
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

export function failureJson({ code, message, hint, findings }: Failure): FailureJson {
  return { error: { code, message, hint, ...(findings.length === 0 ? {} : { findings }) } };
}

function failureText({ code, message, hint, findings }: Failure): string {
  return [
    `${ux.colorize('red', 'Error')} [${code}] ${message}`,
    ...findings.map(renderFinding),
    `${ux.colorize('bold', 'Hint')}: ${hint}`,
  ].join('\n');
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
