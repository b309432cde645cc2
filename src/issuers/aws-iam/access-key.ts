import type { Credential } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import type { AwsCredentials } from '../../lib/aws/client-config.ts';

export const PARTS = ['accessKeyId', 'secretAccessKey'] as const;

/** Inactive keys count. The quota is fixed. */
export const KEYS_PER_USER = 2;

interface AccessKey {
  readonly accessKeyId: Secret;
  readonly secretAccessKey: Secret;
}

/** Both parts of a long-term key. @throws RotationError REFUSED */
export function accessKeyOf(credential: Credential, subject: string): AccessKey {
  const { accessKeyId, secretAccessKey } = credential;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw refusal(subject, 'an access key has two parts: accessKeyId and secretAccessKey');
  }
  return { accessKeyId, secretAccessKey };
}

/**
 * Refuses what cannot be a long-term access key. A temporary one (`ASIA…`) is no key of a user: it dies by itself and
 * cannot be switched off.
 */
export function validateAccessKey(credential: Credential, subject: string): void {
  const { accessKeyId, secretAccessKey } = accessKeyOf(credential, subject);
  const id = accessKeyId.reveal();
  if (/^ASIA[A-Z0-9]+$/.test(id)) {
    throw refusal(subject, 'accessKeyId is of a temporary credential (ASIA…), which nobody rotates');
  }
  if (!/^AKIA[A-Z0-9]{16}$/.test(id)) {
    throw refusal(subject, 'accessKeyId is not AKIA and 16 capital letters or digits');
  }
  if (!/^[A-Za-z0-9/+=]{40}$/.test(secretAccessKey.reveal())) {
    throw refusal(subject, 'secretAccessKey is not 40 characters of base64 without white space');
  }
}

/** For the moment of signing. */
export function signingPair(credential: Credential, subject: string): AwsCredentials {
  const { accessKeyId, secretAccessKey } = accessKeyOf(credential, subject);
  return { accessKeyId: accessKeyId.reveal(), secretAccessKey: secretAccessKey.reveal() };
}

function refusal(subject: string, reason: string): RotationError {
  return new RotationError('REFUSED', { subject, action: 'accept the key', reason });
}
