import { Secret } from '../../core/secret.ts';

/**
 * The value of the header, `Bearer TOKEN`. The token alone is a Secret as well: whoever repeats it to us leaves out the
 * word before it, and would not be understood to show a secret.
 */
export function authorizationSecret(header: string): Secret {
  const [scheme, ...rest] = header.split(' ');
  if (rest.join('') === '') return new Secret(header);
  const token = new Secret(rest.join(' '));
  return new Secret(`${scheme} ${token.reveal()}`);
}
