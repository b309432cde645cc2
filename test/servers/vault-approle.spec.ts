import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IssuerPlugin } from '../../src/core/plugins/plugin.ts';
import { plugin } from '../../src/issuers/vault-approle/index.ts';
import { creatingCases } from '../../src/testing/issuers/creating.ts';
import { honestyCases } from '../../src/testing/issuers/honesty.ts';
import { killingCases } from '../../src/testing/issuers/killing.ts';
import { type IssuerRig, openRig } from '../../src/testing/issuers/rig.ts';
import { wireCases } from '../../src/testing/issuers/wire.ts';
import { type AppRole, startAppRole } from './approle-issuer.ts';
import { withScratchVault } from './with-server.ts';

withScratchVault((server) => {
  let role: AppRole;
  const onServer: IssuerPlugin = {
    ...plugin,
    emulator: async () => async () => {
      role = await startAppRole(server);
      return role;
    },
  };
  const traits = { plugin: onServer, wire: true, lists: true };

  let rig: IssuerRig;
  beforeEach(async () => {
    rig = await openRig(onServer);
  });
  afterEach(() => rig.close());

  describe('honesty', () => honestyCases(traits, () => rig));
  describe('creating', () => creatingCases(traits, () => rig));
  describe('killing', () => killingCases(traits, () => rig));
  describe('wire', () => wireCases(traits, () => rig));

  it('finds the accessor of a secret id that it knows by its value alone, and says it is gone the second time', async () => {
    const { issuer, old, call } = rig;
    const ref = { id: 'fp:000000000000', material: async () => old.credential };
    await issuer.deactivateKey?.(ref, call);
    expect(await role.keys()).toEqual([]);
    await issuer.deactivateKey?.(ref, call);
    expect((await role.logIn(old.credential['secretId']?.reveal() ?? '')).status).toBe(400);
  });

  it('takes an expired secret id for a dead one', async () => {
    const { data } = (await role.ask('POST', `auth/${role.mount}/role/shop/secret-id`, { ttl: '1s' })) as {
      data: { secret_id_accessor: string };
    };
    const accessor = data.secret_id_accessor;
    await expect
      .poll(async () => (await rig.issuer.listKeys?.(rig.call))?.map(({ id }) => id), { timeout: 10_000 })
      .not.toContain(accessor);
  });

  it('sees in advance what a policy leaves out', async () => {
    const policy = `path "auth/${role.mount}/role/shop/secret-id" { capabilities = ["update", "list"] }`;
    await role.ask('POST', `sys/policies/acl/${role.mount}`, { policy });
    const findings = await rig.issuer.preflight(rig.old.credential, rig.call);
    const denied = findings.filter(
      ({ code, severity }) => severity === 'error' && code === 'PERMISSION_DENIED',
    );
    expect(denied.map(({ message }) => /`update` (?:auth\/.*\/shop)(\/\S+)/.exec(message)?.[1])).toEqual(
      expect.arrayContaining([
        '/secret-id/lookup',
        '/secret-id-accessor/lookup',
        '/secret-id-accessor/destroy',
      ]),
    );
  });
});
