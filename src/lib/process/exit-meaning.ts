import type { ErrorCode } from '../../core/errors/codes.ts';
import type { ErrorContext } from '../../core/errors/definitions.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import { lastLine } from './last-line.ts';
import type { CommandOutcome } from './run-command.ts';

/** Exit codes with which a program says that nothing was done, and why. Documented in the notes of its plug-in. */
export type Refusals = Readonly<Record<number, ErrorCode>>;

export const REFUSALS = {
  10: 'UNAUTHENTICATED',
  11: 'NOT_FOUND',
  12: 'LIMIT_REACHED',
  13: 'PERMISSION_DENIED',
  /** EX_TEMPFAIL of sysexits.h: ask again. */
  75: 'UNAVAILABLE',
} as const satisfies Refusals;

export interface About {
  readonly subject: string;
  readonly action: string;
  readonly effect: 'read' | 'write';
  readonly timeoutMs: number;
  readonly refusals: Refusals;
  /** Values on the program's standard input, which it may have echoed. */
  readonly secrets: readonly Secret[];
  /** Its answer has values that are not known yet: when it breaks, its words are not for a log. */
  readonly answersSecrets: boolean;
}

/** The error an outcome stands for; undefined for success. */
export function errorOf(outcome: CommandOutcome, about: About): RotationError | undefined {
  const { subject, action, effect } = about;
  const base: ErrorContext = { subject, action };
  const fail = (code: ErrorCode, reason: string, hint?: string): RotationError =>
    new RotationError(code, { ...base, reason, ...(hint === undefined ? {} : { hint }) });
  const lost = effect === 'write' ? 'INDETERMINATE' : undefined;

  if (outcome.startError !== undefined)
    return fail('UNAVAILABLE', `it could not be started: ${outcome.startError}`, NOT_STARTED);
  if (outcome.aborted) return fail(lost ?? 'ABORTED', 'asked to stop while the program ran');
  if (outcome.timedOut) return fail(lost ?? 'TIMEOUT', `it did not end within ${about.timeoutMs} ms`);
  if (outcome.exitCode === 0) return undefined;
  if (outcome.exitCode === null) return fail(lost ?? 'UNAVAILABLE', 'it was ended by a signal');
  const reason = `exit code ${outcome.exitCode}`;
  const refusal = about.refusals[outcome.exitCode];
  if (refusal !== undefined) return fail(refusal, withWords(reason, outcome, about));
  return fail(lost ?? 'UNAVAILABLE', about.answersSecrets ? reason : withWords(reason, outcome, about));
}

const NOT_STARTED = 'Check that the program exists, may be executed, and is named relative to the config.';

/** Of its standard output nothing is shown: the answer goes there. */
function withWords(reason: string, outcome: CommandOutcome, { secrets }: About): string {
  const words = lastLine({ ...outcome, stdout: '' }, secrets);
  return words === '' ? reason : `${reason}, ${words}`;
}
