import type { Credential } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import { refuseOtherThanKey } from './key-format.ts';
import type { Me } from './me.ts';

/** Below this share of the month's calls, a rotation and its services may run out together. */
const LOW_SHARE = 0.05;

/** Looks at the old key and the month's quota. `ask` is one `GET /me` with the old key. */
export async function preflightFindings(
  oldKey: Credential,
  subject: string,
  ask: () => Promise<Me>,
): Promise<readonly Finding[]> {
  try {
    refuseOtherThanKey(oldKey, subject);
    const { quota } = await ask();
    return quota === undefined ? [] : quotaFindings(quota, subject);
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    if (error.code === 'UNAUTHENTICATED') return [deadOldKey(subject)];
    return [{ severity: 'error', code: error.code, subject, message: error.message, hint: error.hint }];
  }
}

/** An expired or leaked key may be dead already, and has to be replaced all the same. */
function deadOldKey(subject: string): Finding {
  return {
    severity: 'warning',
    code: 'UNAUTHENTICATED',
    subject,
    message: 'Postman does not accept the old key, so the new one cannot be compared with it.',
    hint: 'Make sure that the new key is made by the right user, in the right team.',
  };
}

function quotaFindings(
  quota: { readonly limit: number; readonly usage: number },
  subject: string,
): Finding[] {
  const left = quota.limit - quota.usage;
  if (left > quota.limit * LOW_SHARE) return [];
  return [
    {
      severity: 'warning',
      code: 'LIMIT_REACHED',
      subject,
      message: `${Math.max(0, left)} of the month's ${quota.limit} API calls are left.`,
      hint: 'Without calls neither the new key can be verified nor the old one proved dead.',
    },
  ];
}
