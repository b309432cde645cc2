import { RotationError } from '../../core/errors/rotation-error.ts';
import { sameRotation } from './key-mark.ts';
import type { RoleFacts } from './role-facts.ts';

/**
 * The role that gets the new password: the one that cannot log in, for nothing can be using it. One that can, but whose
 * password this very rotation has set, is the rest of an attempt whose answer was lost: nobody knows that password.
 * `replaced` is the role services use now; in a contained leak it cannot log in either, and must not come back.
 * @throws RotationError LIMIT_REACHED when both can log in; NOT_FOUND
 */
export function chooseRole(
  names: readonly string[],
  roles: ReadonlyMap<string, RoleFacts>,
  label: string,
  replaced: string | undefined,
  subject: string,
): RoleFacts {
  const found = names.flatMap((name) => roles.get(name) ?? []);
  if (found.length < names.length) {
    const missing = names.filter((name) => !roles.has(name)).join(', ');
    throw new RotationError('NOT_FOUND', {
      subject,
      action: 'choose the other role',
      reason: `there is no role ${missing}`,
    });
  }
  const others = found.filter((role) => role.name !== replaced);
  const ours = others.find((role) => role.canLogin && sameRotation(role.comment.label, label));
  const free = others.filter((role) => !role.canLogin);
  // Of two at rest, the one that was never switched off is the one that nobody may want back.
  const chosen = ours ?? free.find((role) => role.comment.label === undefined) ?? free[0];
  if (chosen !== undefined) return chosen;
  throw new RotationError('LIMIT_REACHED', {
    subject,
    action: 'choose the other role',
    reason: bothInUse(others),
    hint: freeHint(others.map((role) => role.name)),
  });
}

export function bothInUse(roles: readonly RoleFacts[]): string {
  return `${roles.map(inUse).join(' and ')}, so a new password could cut off whoever uses it`;
}

export function freeHint(names: readonly string[]): string {
  const deeds = names.map((name) => `\`ALTER ROLE "${name}" NOLOGIN;\``).join(' or ');
  return `When nothing uses it any more: ${deeds}.`;
}

function inUse({ name, sessions, comment }: RoleFacts): string {
  const made =
    comment.label === undefined || comment.label === '' ? '' : `, its password was set by ${comment.label}`;
  const used = sessions === 0 ? 'no session of it is open' : `${sessions} sessions of it are open`;
  return `${name} can log in (${used}${made})`;
}
