import type { Credential } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { Principal } from '../../core/plugins/issuer.ts';
import type { GithubIssuerOptions } from './options.ts';
import { refuseOtherThanToken } from './token-format.ts';

/** Looks at the old token; `ask` is one `GET /user` with it. */
export async function preflightFindings(
  oldKey: Credential,
  subject: string,
  { revocation }: Pick<GithubIssuerOptions, 'revocation'>,
  ask: () => Promise<Principal>,
): Promise<readonly Finding[]> {
  try {
    refuseOtherThanToken(oldKey, subject);
    const { details } = await ask();
    return [...expiryFindings(details?.['expiresAt'], subject), ...revocationFindings(revocation, subject)];
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    if (error.code === 'UNAUTHENTICATED') return [deadOldToken(subject)];
    return [{ severity: 'error', code: error.code, subject, message: error.message, hint: error.hint }];
  }
}

function expiryFindings(expiresAt: unknown, subject: string): Finding[] {
  if (typeof expiresAt !== 'string') return [];
  return [
    { severity: 'info', code: 'LIMIT_REACHED', subject, message: `the old token expires at ${expiresAt}` },
  ];
}

function revocationFindings(revocation: GithubIssuerOptions['revocation'], subject: string): Finding[] {
  if (revocation !== 'api') return [];
  const message =
    'the old token will be reported to GitHub as exposed: it is revoked for good, and its owner gets a mail';
  return [{ severity: 'info', code: 'REFUSED', subject, message }];
}

/** An expired or leaked token may be dead already, and has to be replaced all the same. */
function deadOldToken(subject: string): Finding {
  return {
    severity: 'warning',
    code: 'UNAUTHENTICATED',
    subject,
    message: 'GitHub does not accept the old token, so the new one cannot be compared with it',
    hint: 'Make sure that the new token is made by the right user, with the right permissions.',
  };
}
