import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROLES_KEPT_OUT, ROLES_LET_IN_BLINDLY } from '../../scripts/servers/postgres-server.ts';
import type { Issuer } from '../../src/core/plugins/issuer.ts';
import type { IssuerPlugin } from '../../src/core/plugins/plugin.ts';
import { Secret } from '../../src/core/secret.ts';
import { plugin } from '../../src/issuers/postgres-role/index.ts';
import { creatingCases } from '../../src/testing/issuers/creating.ts';
import { honestyCases } from '../../src/testing/issuers/honesty.ts';
import { killingCases } from '../../src/testing/issuers/killing.ts';
import { type IssuerRig, openRig } from '../../src/testing/issuers/rig.ts';
import { openIssuer, refusal } from '../issuers/open-issuer.ts';
import { type PostgresRoles, startPostgresRoles } from './postgres-issuer.ts';
import { withServer } from './with-server.ts';

withServer('postgres', (server) => {
  let roles: PostgresRoles;
  const onPostgres: IssuerPlugin = {
    ...plugin,
    emulator: async () => async () => {
      roles = await startPostgresRoles(server);
      return roles;
    },
  };
  const traits = { plugin: onPostgres, wire: false, http: false, lists: true };

  let rig: IssuerRig;
  beforeEach(async () => {
    rig = await openRig(onPostgres);
  });
  afterEach(() => rig.close());

  describe('honesty', () => honestyCases(traits, () => rig));
  describe('creating', () => creatingCases(traits, () => rig));
  describe('killing', () => killingCases(traits, () => rig));

  const severities = async (): Promise<string[]> =>
    (await rig.issuer.preflight(rig.old.credential, rig.call)).map(
      ({ severity, code }) => `${severity} ${code}`,
    );

  const openSingle = (role: string): Promise<Issuer> => {
    const { strategy: _strategy, roles: _roles, owner: _owner, ...connection } = roles.options();
    return openIssuer(plugin, { ...connection, strategy: 'single', role }, { resolve: roles.resolve });
  };

  it('goes back and forth between the two roles, three times', async () => {
    const { issuer, call, comesTo } = rig;
    let current = rig.old;
    const seen = [current.id];
    for (let round = 0; round < 3; round += 1) {
      expect(await issuer.preflight(current.credential, call)).toEqual([]);
      const next = await rig.created();
      await issuer.deactivateKey?.({ id: current.id }, call);
      expect(await comesTo('dead', current)).toBe(true);
      expect(await comesTo('live', next)).toBe(true);
      current = next;
      seen.push(current.id);
    }
    expect(seen).toEqual([...roles.roles, ...roles.roles]);
  });

  it('never lets the password stand in the log of a server that logs everything', async () => {
    const next = await rig.created();
    await rig.issuer.identify?.(next.credential, rig.call);
    const log = readFileSync(server.logFile, 'utf8');
    expect(log).toContain("PASSWORD 'SCRAM-SHA-256$4096:");
    expect(log).not.toContain(next.credential['password']?.reveal());
  });

  it('leaves what others wrote in the comment of a role, and takes its own mark away again', async () => {
    const [role] = roles.roles;
    const words = "it's the shop's\\ [old]";
    await roles.sql(`COMMENT ON ROLE ${escapeIdentifier(role)} IS ${escapeLiteral(words)}`);
    const comment = async (): Promise<unknown> =>
      (
        await roles.sql(`SELECT shobj_description(${escapeLiteral(role)}::regrole, 'pg_authid') AS words`)
      )[0]?.['words'];
    await rig.issuer.deactivateKey?.({ id: role }, rig.call);
    expect(await comment()).toBe(`${words} [keyturn]`);
    await rig.issuer.deleteKey?.({ id: role }, rig.call);
    expect(await comment()).toBe(words);
  });

  it('keeps the old password behind NOLOGIN, and takes even that away when it deletes', async () => {
    const [role] = roles.roles;
    const kept = async (): Promise<unknown> =>
      (
        await roles.sql(
          `SELECT rolpassword IS NOT NULL AS kept FROM pg_authid WHERE rolname = ${escapeLiteral(role)}`,
        )
      )[0];
    await rig.issuer.deactivateKey?.({ id: role }, rig.call);
    expect(await kept()).toEqual({ kept: true });
    await rig.issuer.deleteKey?.({ id: role }, rig.call);
    expect(await kept()).toEqual({ kept: false });
    await refusal(rig.issuer.activateKey?.({ id: role }, rig.call) ?? Promise.resolve(), 'REFUSED');
  });

  it('counts the old key as in use while a session of it is open', async () => {
    const { issuer, old, call } = rig;
    const before = await issuer.lastUsed?.({ id: old.id }, call);
    expect(before).toMatchObject({ lastUsedAt: undefined, observed: `no session of ${old.id} is open` });
    await roles.connect(old.id, old.credential['password']?.reveal() ?? '');
    expect((await issuer.lastUsed?.({ id: old.id }, call))?.lastUsedAt).toMatch(/^20\d\d-/);
  });

  describe('preflight', () => {
    it('wants both roles to be members of the owner', async () => {
      await roles.sql(`REVOKE ${escapeIdentifier(roles.owner)} FROM ${escapeIdentifier(roles.roles[1])}`);
      expect(await severities()).toContain('error REFUSED');
    });

    it('sees that the two roles would not behave alike', async () => {
      await roles.sql(`ALTER ROLE ${escapeIdentifier(roles.roles[1])} CONNECTION LIMIT 5`);
      await roles.sql(`ALTER ROLE ${escapeIdentifier(roles.roles[0])} SET statement_timeout = '5s'`);
      expect(await severities()).toEqual(['warning DRIFT', 'warning DRIFT']);
    });

    it('sees that keyturn may not change the roles', async () => {
      await roles.sql(`ALTER ROLE ${escapeIdentifier(roles.admin)} NOCREATEROLE`);
      expect(await severities()).toEqual(['error PERMISSION_DENIED', 'error PERMISSION_DENIED']);
      await refusal(rig.issuer.createKey(rig.label(), rig.call), 'PERMISSION_DENIED');
    });

    it('sees a password that is over', async () => {
      await roles.sql(`ALTER ROLE ${escapeIdentifier(roles.roles[1])} VALID UNTIL '2001-01-01'`);
      expect(await severities()).toEqual(['error REFUSED']);
    });
  });

  describe('a login that proves nothing', () => {
    const key = { password: new Secret(randomBytes(12).toString('hex')) };

    it.each([
      [ROLES_LET_IN_BLINDLY, 'REFUSED', 'a server that wants no password'],
      [ROLES_KEPT_OUT, 'PERMISSION_DENIED', 'a server that keeps this host out'],
    ] as const)('%s: %s, and never dead: %s', async (prefix, code, _what) => {
      const role = `${prefix}role`;
      await roles.sql(`DROP ROLE IF EXISTS ${role}`);
      await roles.sql(`CREATE ROLE ${role} LOGIN`);
      const issuer = await openSingle(role);
      await refusal(issuer.identify?.(key, rig.call) ?? Promise.resolve(), code);
    });
  });

  describe('a single role', () => {
    it('has the new password at once, and no way back to the old one', async () => {
      const [role] = roles.roles;
      const issuer = await openSingle(role);
      const { password } = rig.old.credential;
      if (password === undefined) expect.fail('the old key has no password');
      const old = { password };
      expect(issuer.overlap).toBe(false);
      const before = await issuer.identify?.(old, rig.call);
      const findings = await issuer.preflight(old, rig.call);
      expect(findings.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
        expect.stringMatching(/^warning There is no overlap/),
      ]);
      const next = await issuer.createKey(rig.label(), rig.call);
      expect(await issuer.identify?.(next.credential, rig.call)).toEqual(before);
      await refusal(issuer.identify?.(old, rig.call) ?? Promise.resolve(), 'UNAUTHENTICATED');
    });
  });
});
