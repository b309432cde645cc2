import type { ErrorCode } from '../../core/errors/codes.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';

interface SmtpFailure {
  /** nodemailer's own: `EAUTH`, `ETIMEDOUT`, `ECONNECTION` … */
  readonly code?: string;
  /** The server's three digits. */
  readonly responseCode?: number;
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  EAUTH: 'UNAUTHENTICATED',
  ETIMEDOUT: 'TIMEOUT',
  ETLS: 'UNAVAILABLE',
  EENVELOPE: 'REFUSED',
  EMESSAGE: 'REFUSED',
};

/** The server's own words may repeat an address, and are left out. */
export function smtpError(cause: unknown, subject: string): RotationError {
  const { code = '', responseCode } = cause as SmtpFailure;
  const temporary = responseCode !== undefined && responseCode >= 400 && responseCode < 500;
  const known = temporary ? 'UNAVAILABLE' : CODES[code];
  const answer = responseCode === undefined ? '' : `, the server answered ${responseCode}`;
  return new RotationError(known ?? 'UNAVAILABLE', {
    subject,
    action: 'send the notice',
    reason: `${code === '' ? 'it failed' : code}${answer}`,
    hint: 'Check host, port and the login; without TLS nothing is sent.',
  });
}
