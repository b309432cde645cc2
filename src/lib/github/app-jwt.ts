import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';

/** GitHub takes at most ten minutes from `iat` to `exp`; `iat` lies back, so that a clock that is a little fast does no harm. */
const BACKDATED_SECONDS = 60;
const LIFETIME_SECONDS = 540;

/**
 * With which an App asks for tokens of its installations: RS256 over `{iat, exp, iss}`.
 * @throws RotationError CONFIG_INVALID when the key is no RSA private key in PEM; quotes nothing of it
 */
export function appJwt(appId: string, privateKey: Secret, nowMs: number, subject: string): Secret {
  const key = rsaKey(privateKey, subject);
  const now = Math.floor(nowMs / 1000);
  const claims = { iat: now - BACKDATED_SECONDS, exp: now + LIFETIME_SECONDS, iss: appId };
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
  return new Secret(`${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`);
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part), 'utf8').toString('base64url');
}

function rsaKey(pem: Secret, subject: string): KeyObject {
  try {
    const key = createPrivateKey(pem.reveal());
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // OpenSSL's words would add nothing that is safe to show.
  }
  throw new RotationError('CONFIG_INVALID', {
    subject,
    action: 'read the private key of the GitHub App',
    reason: 'it is not an RSA private key in PEM',
    hint: 'Generate one in the settings of the App, and let `auth.privateKey` refer to the downloaded file.',
  });
}
