import type { Finding } from '../../core/finding.ts';
import { bothInUse, freeHint } from './choose-role.ts';
import type { AdminFacts, RoleFacts } from './role-facts.ts';

export type Draft = Omit<Finding, 'subject'>;

/** From this version on CREATEROLE alone does not reach other people's roles. */
const ADMIN_OPTION_FROM = 160_000;

export function adminFindings(admin: AdminFacts): Draft[] {
  const findings: Draft[] = [];
  if (admin.standby) {
    findings.push({
      severity: 'error',
      code: 'REFUSED',
      message: 'The server is a standby, which takes no changes.',
      hint: 'Set `host` to the primary.',
    });
  }
  if (admin.encryption === 'md5') {
    findings.push({
      severity: 'warning',
      code: 'DRIFT',
      message: 'password_encryption is md5 here, and the new password will be kept as SCRAM-SHA-256.',
      hint: 'Make sure that the driver of every service knows SCRAM (libpq 10, pgJDBC 42.2 and later do).',
    });
  }
  return findings;
}

/** Whether keyturn may do what it will have to do to a role. */
export function roleFindings(name: string, role: RoleFacts | undefined, admin: AdminFacts): Draft[] {
  if (role === undefined) {
    return [
      {
        severity: 'error',
        code: 'NOT_FOUND',
        message: `There is no role ${name}.`,
        hint: 'Create it, or correct its name in the config; keyturn makes no roles.',
      },
    ];
  }
  const findings: Draft[] = [];
  if (name === admin.role) {
    findings.push({
      severity: 'error',
      code: 'REFUSED',
      message: `keyturn itself logs in as ${name}, and would lock itself out.`,
      hint: 'Give keyturn a role of its own.',
    });
  } else if (!mayChange(role, admin)) findings.push(denied(role, admin));
  if (role.expired) {
    findings.push({
      severity: 'error',
      code: 'REFUSED',
      message: `VALID UNTIL of ${name} is over: no password of it is accepted.`,
      hint: `\`ALTER ROLE "${name}" VALID UNTIL 'infinity';\`, or the time you want.`,
    });
  }
  return findings;
}

function mayChange(role: RoleFacts, admin: AdminFacts): boolean {
  if (admin.superuser) return true;
  if (role.superuser || !admin.createRole) return false;
  return admin.version < ADMIN_OPTION_FROM || role.adminOption;
}

function denied(role: RoleFacts, admin: AdminFacts): Draft {
  const reason = role.superuser
    ? `${role.name} is a superuser, which only a superuser may change`
    : !admin.createRole
      ? 'it lacks CREATEROLE'
      : `it lacks ADMIN OPTION on ${role.name}`;
  return {
    severity: 'error',
    code: 'PERMISSION_DENIED',
    message: `${admin.role} may not change ${role.name}: ${reason}.`,
    hint: role.superuser
      ? 'Rotate a role without SUPERUSER.'
      : `\`ALTER ROLE "${admin.role}" CREATEROLE;\` and, from PostgreSQL 16 on, \`GRANT "${role.name}" TO "${admin.role}" WITH ADMIN OPTION, INHERIT FALSE, SET FALSE;\`.`,
  };
}

/** Whose turn it is: the role that is current can log in, the other one cannot. */
export function turnFindings(
  names: readonly string[],
  roles: ReadonlyMap<string, RoleFacts>,
  current: string | undefined,
): Draft[] {
  if (current === undefined || !names.includes(current)) {
    return [
      {
        severity: 'error',
        code: 'REFUSED',
        message: `The current key is of ${current ?? 'no role'}, not of ${names.join(' or ')}.`,
        hint: 'Map the part `username` in every target (or give it with `current`), and check `roles`.',
      },
    ];
  }
  const findings: Draft[] = [];
  if (roles.get(current)?.canLogin === false) {
    findings.push({
      severity: 'warning',
      code: 'UNAUTHENTICATED',
      message: `${current}, which the targets name, may not log in.`,
      hint: 'If services work, they use another role than the targets say.',
    });
  }
  const others = [...roles.values()].filter(({ name, canLogin }) => name !== current && canLogin);
  if (others.length > 0) {
    findings.push({
      severity: 'error',
      code: 'LIMIT_REACHED',
      message: `There is no role at rest: ${bothInUse(others)}.`,
      hint: freeHint(others.map(({ name }) => name)),
    });
  }
  return findings;
}

/** Services must be able to do with one role what they can do with the other. */
export function pairFindings(
  names: readonly string[],
  roles: ReadonlyMap<string, RoleFacts>,
  owner: string,
): Draft[] {
  const found = names.flatMap((name) => roles.get(name) ?? []);
  const outside = found.filter(({ memberOf }) => !memberOf.includes(owner));
  const findings: Draft[] = outside.map(({ name }) => ({
    severity: 'error',
    code: 'REFUSED',
    message: `${name} is not a member of ${owner}.`,
    hint: `\`GRANT "${owner}" TO "${name}";\`, so that both roles may do the same.`,
  }));
  findings.push(
    ...found
      .filter((role) => !role.settings.includes(`role=${owner}`))
      .map((role) => notItsOwner(role, owner)),
  );
  const [one, other] = found;
  if (one === undefined || other === undefined) return findings;
  for (const [what, of] of COMPARED) {
    if (of(one) === of(other)) continue;
    findings.push({
      severity: 'warning',
      code: 'DRIFT',
      message: `${one.name} and ${other.name} differ in ${what}: ${of(one) || 'none'} and ${of(other) || 'none'}.`,
      hint: 'A service would behave differently after the rotation: make them the same.',
    });
  }
  return findings;
}

/** A table made by a login belongs to that login, unless its sessions begin as the owner. */
function notItsOwner({ name }: RoleFacts, owner: string): Draft {
  return {
    severity: 'warning',
    code: 'DRIFT',
    message: `What ${name} creates will belong to ${name} alone, not to ${owner}.`,
    hint: `\`ALTER ROLE "${name}" SET role = '${owner}';\`, if services create tables.`,
  };
}

const COMPARED: readonly (readonly [what: string, of: (role: RoleFacts) => string])[] = [
  ['their memberships', ({ memberOf }) => [...memberOf].sort().join(', ')],
  ['their settings', ({ settings }) => [...settings].sort().join(', ')],
  ['their connection limit', ({ connectionLimit }) => String(connectionLimit)],
];
