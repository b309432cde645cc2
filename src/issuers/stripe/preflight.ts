import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { Principal } from '../../core/plugins/issuer.ts';
import type { KeyKind } from './key-format.ts';

/** Looks at the old key; `ask` is one request with it. */
export async function preflightFindings(
  subject: string,
  read: () => KeyKind,
  ask: () => Promise<Principal>,
): Promise<readonly Finding[]> {
  try {
    const { prefix } = read();
    await ask();
    return prefix === 'sk' ? [almighty(subject)] : [];
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    if (error.code === 'UNAUTHENTICATED') return [deadOldKey(subject)];
    return [{ severity: 'error', code: error.code, subject, message: error.message, hint: error.hint }];
  }
}

/** Not a reason to stop, and the moment to say it. */
function almighty(subject: string): Finding {
  return {
    severity: 'info',
    code: 'PERMISSION_DENIED',
    subject,
    message: 'The key is a secret key (sk_), which may do everything in the account.',
    hint: 'A restricted key (rk_) with the permissions its services need does less harm when it leaks.',
  };
}

/** An expired or leaked key may be dead already, and has to be replaced all the same. */
function deadOldKey(subject: string): Finding {
  return {
    severity: 'warning',
    code: 'UNAUTHENTICATED',
    subject,
    message: 'Stripe does not accept the old key, so the account of the new one cannot be compared with it.',
    hint: 'Say with `account` which account the new key must be of.',
  };
}
