import type { ErrorCode } from './codes.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** What the thrower knows; each definition turns it into a sentence and a next step. */
export interface ErrorContext {
  /** The system and place: `vault-prod/secret/apps/ci`, `aws-iam`, `rotation.config.yaml`. */
  readonly subject: string;
  /** What was being done, as a verb phrase: `read the secret`. */
  readonly action?: string;
  /** What was observed: the system's own words (redacted), a status, a missing permission. */
  readonly reason?: string;
  /** What to do next, when the thrower knows better than the default. */
  readonly hint?: string;
  /** Seconds the system asked us to wait. */
  readonly retryAfter?: number;
}

interface Definition {
  readonly retryable: boolean;
  readonly exitCode: ExitCode;
  readonly describe: (context: ErrorContext) => { readonly message: string; readonly hint: string };
}

/** One sentence: subject, what failed, why. */
function sentence(context: ErrorContext, verdict: string): string {
  const action = context.action === undefined ? '' : ` (while trying to ${context.action})`;
  const reason = context.reason === undefined ? '' : `: ${context.reason}`;
  return `${context.subject} ${verdict}${action}${reason}`;
}

function define(
  verdict: string,
  hint: string,
  settings: { retryable?: boolean; exitCode?: ExitCode } = {},
): Definition {
  return {
    retryable: settings.retryable ?? false,
    exitCode: settings.exitCode ?? EXIT.unexpected,
    describe: (context) => ({ message: sentence(context, verdict), hint: context.hint ?? hint }),
  };
}

/**
 * `retryable` promises that the effect did not happen, so that asking again is safe. A write whose answer was
 * lost is INDETERMINATE, which is not retryable: it is reconciled.
 */
export const DEFINITIONS = {
  CONFIG_INVALID: define('is not valid', 'Correct the places named above and run the command again.', {
    exitCode: EXIT.usage,
  }),
  REFUSED: define('was refused', 'Nothing was changed; remove the reason and run the command again.', {
    exitCode: EXIT.refused,
  }),
  UNAUTHENTICATED: define(
    'did not accept the credential',
    'Check that the credential is live and for this system.',
  ),
  PERMISSION_DENIED: define(
    'denied permission',
    'Grant the permission named above to the identity keyturn uses.',
  ),
  NOT_FOUND: define('was not found', 'Check the spelling, and that the identity keyturn uses may see it.'),
  CONFLICT: define(
    'changed while we were writing',
    'Somebody else wrote at the same time; look, then resume.',
  ),
  LIMIT_REACHED: define(
    'is at its limit',
    'Free a place (for example an unused key), then run the command again.',
  ),
  RATE_LIMITED: define('asked us to slow down', 'Wait, or lower `concurrency` of this store in the config.', {
    retryable: true,
  }),
  UNAVAILABLE: define(
    'could not be reached or did not work',
    'Check address, network and health; then try again.',
    {
      retryable: true,
    },
  ),
  TIMEOUT: define('did not answer in time', 'Check its health, or raise `timeout` of this connection.', {
    retryable: true,
  }),
  CHECK_FAILED: define(
    'failed its check',
    'Look at the evidence; the service may not see or accept the key.',
  ),
  ABORTED: define('was interrupted', 'Run `keyturn resume` to carry on.', { exitCode: EXIT.interrupted }),
  INDETERMINATE: define(
    'may or may not have done it: the answer was lost',
    'Run `keyturn resume`: it looks at the real state before it does anything.',
    { exitCode: EXIT.needsPerson },
  ),
  LOCKED: define('is locked', 'Wait for the other rotation, or resume or roll it back.', {
    exitCode: EXIT.locked,
  }),
  DRIFT: define('is not what it was', 'Somebody changed it meanwhile; look, then make a new plan.', {
    exitCode: EXIT.planOutOfDate,
  }),
  INTERNAL: define('hit a defect', 'Please report it; the journal is intact and `keyturn resume` is safe.'),
} as const satisfies Record<ErrorCode, Definition>;
