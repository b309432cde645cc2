import { describe, expect, it } from 'vitest';
import type { AdminFacts, RoleFacts } from '../../src/issuers/postgres-role/role-facts.ts';
import {
  adminFindings,
  type Draft,
  pairFindings,
  roleFindings,
  turnFindings,
} from '../../src/issuers/postgres-role/role-findings.ts';

const ADMIN: AdminFacts = {
  role: 'keyturn',
  superuser: false,
  createRole: true,
  version: 160_002,
  standby: false,
  encryption: 'scram-sha-256',
};
const roleOf = (name: string, over: Partial<RoleFacts> = {}): RoleFacts => ({
  name,
  canLogin: true,
  superuser: false,
  connectionLimit: -1,
  expired: false,
  comment: { text: '', label: undefined },
  adminOption: true,
  sessions: 0,
  memberOf: ['app_rw'],
  settings: ['role=app_rw'],
  ...over,
});
const rolesOf = (...roles: RoleFacts[]) => new Map(roles.map((role) => [role.name, role]));
const NAMES = ['app_a', 'app_b'];
const told = (findings: readonly Draft[]) => findings.map(({ severity, code }) => `${severity} ${code}`);

describe('of the server', () => {
  it('nothing is said when it is a primary that keeps SCRAM', () => {
    expect(adminFindings(ADMIN)).toEqual([]);
  });

  it('it is said that a standby takes no changes, and that drivers have to know SCRAM', () => {
    const findings = adminFindings({ ...ADMIN, standby: true, encryption: 'md5' });
    expect(told(findings)).toEqual(['error REFUSED', 'warning DRIFT']);
    expect(findings[0]?.hint).toContain('primary');
  });
});

describe('whether keyturn may change a role', () => {
  it.each<[string, Partial<RoleFacts>, Partial<AdminFacts>, string]>([
    ['a superuser, when it is none', { superuser: true }, {}, 'only a superuser may change'],
    ['any, without CREATEROLE', {}, { createRole: false }, 'lacks CREATEROLE'],
    ['one it has no ADMIN OPTION on, from 16 on', { adminOption: false }, {}, 'lacks ADMIN OPTION on app_a'],
  ])('no: %s', (_whom, role, admin, reason) => {
    const findings = roleFindings('app_a', roleOf('app_a', role), { ...ADMIN, ...admin });
    expect(told(findings)).toEqual(['error PERMISSION_DENIED']);
    expect(findings[0]?.message).toContain(reason);
  });

  it.each<[string, Partial<RoleFacts>, Partial<AdminFacts>]>([
    ['a superuser may change any', { superuser: true, adminOption: false }, { superuser: true }],
    ['before 16, CREATEROLE is enough', { adminOption: false }, { version: 150_004 }],
  ])('yes: %s', (_why, role, admin) => {
    expect(roleFindings('app_a', roleOf('app_a', role), { ...ADMIN, ...admin })).toEqual([]);
  });

  it('not one that is not there, not its own, and not one whose time is over', () => {
    expect(told(roleFindings('app_a', undefined, ADMIN))).toEqual(['error NOT_FOUND']);
    const own = roleFindings('keyturn', roleOf('keyturn'), ADMIN);
    expect(own[0]?.message).toContain('lock itself out');
    const over = roleFindings('app_a', roleOf('app_a', { expired: true }), ADMIN);
    expect(over[0]?.message).toContain('VALID UNTIL of app_a is over');
  });
});

describe('whose turn it is', () => {
  const resting = roleOf('app_b', { canLogin: false });

  it('is clear when one role is current and the other one rests', () => {
    expect(turnFindings(NAMES, rolesOf(roleOf('app_a'), resting), 'app_a')).toEqual([]);
  });

  it('cannot be told when the targets name no role, or another one', () => {
    for (const [current, said] of [
      [undefined, 'of no role'],
      ['app_c', 'of app_c'],
    ] as const)
      expect(turnFindings(NAMES, rolesOf(roleOf('app_a'), resting), current)[0]?.message).toContain(said);
  });

  it('warns of a current role that may not log in: services use another one', () => {
    const asleep = rolesOf(roleOf('app_a', { canLogin: false }), resting);
    expect(told(turnFindings(NAMES, asleep, 'app_a'))).toEqual(['warning UNAUTHENTICATED']);
  });

  it('is nobody’s when no role is at rest', () => {
    const both = rolesOf(roleOf('app_a'), roleOf('app_b'));
    expect(told(turnFindings(NAMES, both, 'app_a'))).toEqual(['error LIMIT_REACHED']);
  });
});

describe('a pair of roles', () => {
  const pair = (other: Partial<RoleFacts>) =>
    pairFindings(NAMES, rolesOf(roleOf('app_a'), roleOf('app_b', other)), 'app_rw');

  it('that may do the same and begins as its owner is fine', () => {
    expect(pair({})).toEqual([]);
  });

  it('has to be members of the owner, both', () => {
    const [first] = pair({ memberOf: [] });
    expect(first).toMatchObject({ severity: 'error', message: 'app_b is not a member of app_rw.' });
    expect(first?.hint).toContain('GRANT "app_rw" TO "app_b"');
  });

  it('is warned of what a session would create for itself', () => {
    const [first] = pair({ settings: [] });
    expect(first?.message).toBe('What app_b creates will belong to app_b alone, not to app_rw.');
  });

  it.each<[string, Partial<RoleFacts>, string]>([
    ['memberships', { memberOf: ['audit', 'app_rw'] }, 'app_rw and app_rw, audit'],
    ['settings', { settings: ['role=app_rw', 'a=1'] }, 'role=app_rw and a=1, role=app_rw'],
    ['connection limit', { connectionLimit: 5 }, '-1 and 5'],
  ])('is warned of a difference in its %s', (what, other, values) => {
    expect(pair(other).map(({ message }) => message)).toEqual([
      `app_a and app_b differ in their ${what}: ${values}.`,
    ]);
  });

  it('is not compared while one of them is not there', () => {
    expect(pairFindings(NAMES, rolesOf(roleOf('app_a')), 'app_rw')).toEqual([]);
  });
});
