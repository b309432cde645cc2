import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Session } from './connection.ts';
import { type MarkedComment, readMark } from './key-mark.ts';
import { ABOUT_ADMIN, ABOUT_ROLES } from './statements.ts';

/** What the server tells of a role to anybody; whether it has a password is for superusers alone. */
export interface RoleFacts {
  readonly name: string;
  readonly canLogin: boolean;
  readonly superuser: boolean;
  /** -1: no limit. */
  readonly connectionLimit: number;
  /** VALID UNTIL is over: whatever the password is, it is refused. */
  readonly expired: boolean;
  readonly comment: MarkedComment;
  /** Whether keyturn has been granted the role WITH ADMIN OPTION, which it needs from PostgreSQL 16 on. */
  readonly adminOption: boolean;
  /** Connections that are open now. */
  readonly sessions: number;
  /** Every role it is a member of, directly or through others. */
  readonly memberOf: readonly string[];
  /** `role=app_rw`, `shop: search_path=app`. */
  readonly settings: readonly string[];
}

export interface AdminFacts {
  readonly role: string;
  readonly superuser: boolean;
  readonly createRole: boolean;
  /** `160002` for 16.2. */
  readonly version: number;
  /** A standby takes no changes. */
  readonly standby: boolean;
  /** `password_encryption`: what the server would make of a password in plaintext. */
  readonly encryption: string;
}

/** Those of the names that exist. */
export async function readRoles(
  session: Session,
  names: readonly string[],
): Promise<ReadonlyMap<string, RoleFacts>> {
  const answer = (await session.ask(ABOUT_ROLES, [names])) as readonly (Omit<RoleFacts, 'comment'> & {
    readonly comment: string | null;
  })[];
  return new Map(answer.map((role) => [role.name, { ...role, comment: readMark(role.comment) }]));
}

export async function readAdmin(session: Session): Promise<AdminFacts> {
  return (await session.ask(ABOUT_ADMIN)) as AdminFacts;
}

/** @throws RotationError NOT_FOUND */
export async function readRole(session: Session, name: string, subject: string): Promise<RoleFacts> {
  const role = (await readRoles(session, [name])).get(name);
  if (role !== undefined) return role;
  throw new RotationError('NOT_FOUND', {
    subject,
    reason: `there is no role ${name}`,
    hint: 'Create the role, or correct its name in the config; keyturn makes none.',
  });
}
