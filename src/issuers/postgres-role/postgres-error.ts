import type { ErrorCode } from '../../core/errors/codes.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { quoted } from '../../lib/quoted.ts';

/** What the server said of a request. */
export interface ServerError {
  /** SQLSTATE: five characters. */
  readonly code: string;
  readonly message: string;
  /** `FATAL` and `PANIC` end the session; in the language of the server. */
  readonly severity: string;
  /** The function of the server that raised it: unlike the message, the same in every language. */
  readonly routine?: string;
}

export interface About {
  readonly subject: string;
  readonly action: string;
  readonly effect: 'read' | 'write';
}

/** Raised when a role that exists may not log in; before it, the server has seen no password, or the right one. */
const NOT_A_LOGIN = 'InitializeSessionUserId';

/** Undefined for what the network or the driver said. */
export function serverErrorOf(error: unknown): ServerError | undefined {
  if (!(error instanceof Error) || !('severity' in error)) return undefined;
  const { code, routine, severity } = error as { code?: unknown; routine?: unknown; severity?: unknown };
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return undefined;
  const told = { code, message: error.message, severity: String(severity) };
  return { ...told, ...(typeof routine === 'string' ? { routine } : {}) };
}

/**
 * Why a role was not let in. Only what is said of the role and its password is UNAUTHENTICATED: a rule of pg_hba.conf
 * that keeps this host out has the same SQLSTATE and says nothing of the key.
 */
export function loginError(said: ServerError, about: About): RotationError {
  if (said.code === '28P01' || (said.code === '28000' && said.routine === NOT_A_LOGIN)) {
    return errorOf('UNAUTHENTICATED', said, about);
  }
  if (said.code === '28000') {
    const hint = 'Allow this host, user and database in pg_hba.conf, and reload the server.';
    return errorOf('PERMISSION_DENIED', said, about, hint);
  }
  return statementError(said, { ...about, effect: 'read' });
}

/** What an error to a statement means. The server undid the transaction, unless it broke off the connection itself. */
export function statementError(said: ServerError, about: About): RotationError {
  const { code } = said;
  // A server that dies of it, whatever it dies of, may have written the commit before.
  if (/^(57P0|08)/.test(code) || (about.effect === 'write' && /^(FATAL|PANIC)$/.test(said.severity)))
    return errorOf(brokenOff(about), said, about);
  if (/^53/.test(code)) return errorOf('UNAVAILABLE', said, about, BUSY);
  if (RETRYABLE.has(code)) return errorOf('UNAVAILABLE', said, about);
  const known = KNOWN[code];
  return known === undefined ? errorOf('REFUSED', said, about) : errorOf(known.code, said, about, known.hint);
}

function brokenOff({ effect }: About): ErrorCode {
  return effect === 'write' ? 'INDETERMINATE' : 'UNAVAILABLE';
}

const BUSY = 'The server has no connection left (or no room): raise its limit, or try again later.';

/** Others changed the same rows (`tuple concurrently updated` is XX000), or something timed out: nothing was done. */
const RETRYABLE: ReadonlySet<string> = new Set(['40001', '40P01', '55P03', '57014', 'XX000']);

const KNOWN: Readonly<Record<string, { readonly code: ErrorCode; readonly hint: string }>> = {
  '42501': {
    code: 'PERMISSION_DENIED',
    hint: 'Give the admin role CREATEROLE and, from PostgreSQL 16 on, GRANT it the rotated roles WITH ADMIN OPTION.',
  },
  '42704': { code: 'NOT_FOUND', hint: 'Create the role, or correct its name in the config.' },
  '3D000': { code: 'NOT_FOUND', hint: 'Correct `database` in the config.' },
  '25006': { code: 'REFUSED', hint: 'This server is a standby: set `host` to the primary.' },
};

function errorOf(code: ErrorCode, said: ServerError, about: About, hint?: string): RotationError {
  const words = quoted(said.message).replace(/\s+/g, ' ');
  return new RotationError(code, {
    subject: about.subject,
    action: about.action,
    reason: `${words} (SQLSTATE ${said.code})`,
    ...(hint === undefined ? {} : { hint }),
  });
}
