import type { Credential } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Principal } from '../../core/plugins/issuer.ts';
import { type Login, type Server, visit } from './connection.ts';
import { passwordOf, refusedKey, USERNAME_PART } from './password.ts';
import { WHO_AM_I, WHO_AM_I_OF } from './statements.ts';

const ACTION = 'log in with the key';

/**
 * Logs in as the service does. With `owner`, the principal is that role: the two that take turns act as one.
 * @throws RotationError UNAUTHENTICATED when the role may not log in or the password is not its own; REFUSED when the
 *   server wanted no password, or the role is not a member of the owner
 */
export function identifyRole(
  server: Server,
  login: Login,
  owner: string | undefined,
  { signal }: CallContext,
): Promise<Principal> {
  return visit(server, login, { action: ACTION, signal }, async (session) => {
    const answer = await (owner === undefined ? session.ask(WHO_AM_I) : session.ask(WHO_AM_I_OF, [owner]));
    const { role, database, member } = answer as { role: string; database: string; member?: boolean };
    if (!session.askedForPassword) throw nothingProved(server.name, role);
    if (owner === undefined) {
      return { id: `${role}@${database}`, display: `${role} in ${database}`, details: { role, database } };
    }
    if (member !== true) throw notAMember(server.name, role, owner);
    return {
      id: `${owner}@${database}`,
      display: `${owner} in ${database}, as ${role}`,
      details: { owner, role, database },
    };
  });
}

/** Who logs in with a key of two parts. @throws RotationError REFUSED */
export function loginOf(key: Credential, subject: string): Login {
  const username = key[USERNAME_PART];
  if (username === undefined)
    throw refusedKey(subject, 'it has no username, which says which of the two roles it is of');
  return { username: username.reveal(), password: passwordOf(key, subject) };
}

function nothingProved(subject: string, role: string): RotationError {
  return new RotationError('REFUSED', {
    subject,
    action: ACTION,
    reason: `the server let ${role} in without asking for the password, so a login proves nothing`,
    hint: 'Have pg_hba.conf ask for one (scram-sha-256) for this role and the host keyturn runs on: it is `trust`, `peer` or `cert` now.',
  });
}

function notAMember(subject: string, role: string, owner: string): RotationError {
  return new RotationError('REFUSED', {
    subject,
    action: ACTION,
    reason: `${role} is not a member of ${owner}, so it may do other things than the role it takes turns with`,
    hint: `GRANT ${owner} TO ${role}.`,
  });
}
