import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { WHOLE } from '../../core/plugins/store.ts';

/** What a registry is logged in to with. */
export interface Login {
  readonly username: string;
  /** Password, access token, or identity token. */
  readonly secret: string;
}

/** The fields a slot may have: the secret alone, or both. */
export function fieldOf(login: Login, field: string): string | undefined {
  if (field === WHOLE || field === 'password') return login.secret;
  return field === 'username' ? login.username : undefined;
}

/** @throws RotationError REFUSED, NOT_FOUND */
export function changedLogin(login: Login, changes: Fields<string>, subject: string): Login {
  const unknown = Object.keys(changes).find((field) => fieldOf(login, field) === undefined);
  if (unknown !== undefined) {
    throw new RotationError('NOT_FOUND', {
      subject,
      reason: `a login has no ${unknown}`,
      hint: 'Its fields are `username` and `password`; left out, the password.',
    });
  }
  const username = changes['username'] ?? login.username;
  if (username.includes(':')) {
    const reason = 'a user name with a colon cannot be told from its password';
    throw new RotationError('REFUSED', { subject, reason });
  }
  return { username, secret: changes[WHOLE] ?? changes['password'] ?? login.secret };
}
