import { RotationError } from '../../core/errors/rotation-error.ts';

/**
 * A vendor's library that logs in by itself makes connections of its own, and those do as the environment says: our
 * credentials would go to whoever answers.
 * @throws RotationError CONFIG_INVALID
 */
export function refuseBlindLogin(subject: string): void {
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return;
  throw new RotationError('CONFIG_INVALID', {
    subject,
    action: 'get an access token',
    reason:
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is set: no certificate would be looked at on the way to the login',
    hint: 'Unset it. A private authority is trusted by NODE_EXTRA_CA_CERTS.',
  });
}
