import { RotationError } from '../../core/errors/rotation-error.ts';
import { quoted } from '../quoted.ts';

const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|socket hang up|network_error|status code 5\d\d/;

/**
 * A vendor's library could not log in. Nothing of its error survives but a line of its message: it carries the
 * request for the token, and with it the credentials.
 */
export function loginError(
  error: unknown,
  { subject, action }: { readonly subject: string; readonly action: string },
  hint: string,
): RotationError {
  if (error instanceof RotationError) return error;
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split(/\r?\n/);
  const reason = quoted(line);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (UNREACHABLE.test(`${line} ${code}`))
    return new RotationError('UNAVAILABLE', { subject, action, reason });
  return new RotationError('UNAUTHENTICATED', { subject, action, reason, hint });
}
