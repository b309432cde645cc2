import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import type { VaultServer } from '../../scripts/servers/servers-under-test.ts';
import type { StorePlugin } from '../../src/core/plugins/plugin.ts';
import { plugin } from '../../src/stores/hashicorp-vault/index.ts';
import { honestyCases } from '../../src/testing/stores/honesty.ts';
import { restoringCases } from '../../src/testing/stores/restoring.ts';
import { openRig, type StoreRig } from '../../src/testing/stores/rig.ts';
import { wireCases } from '../../src/testing/stores/wire.ts';
import { writingCases } from '../../src/testing/stores/writing.ts';
import { givenStoreCases } from './given-store.ts';
import { makeMount, type VaultMount } from './vault-mount.ts';
import { startVaultStore } from './vault-store.ts';
import { withServer } from './with-server.ts';

/** What preflight says of a mount, the suite has to see there. */
const MOUNTS = [
  { version: 2, capabilities: plugin.capabilities },
  { version: 1, capabilities: { ...plugin.capabilities, versioned: false, cas: false, restore: 'value' } },
] as const;

withServer('vault', (server) => {
  if (server.scratch) conformanceCases(server);
  else neededServerCases(server.url);
});

/** The suite that every store passes on its emulator, on key-value engines of a server that others wrote. */
function conformanceCases(server: VaultServer): void {
  describe.each(MOUNTS)('key-value version $version', ({ version, capabilities }) => {
    let mount: VaultMount;
    beforeAll(async () => {
      mount = await makeMount(server, version);
    });
    afterAll(() => mount.remove());

    const there: StorePlugin = {
      ...plugin,
      capabilities,
      emulator: async () => () => startVaultStore(mount),
    };
    const traits = { plugin: there, wire: true, fielded: true };

    let rig: StoreRig;
    beforeEach(async () => {
      rig = await openRig(there);
    });
    afterEach(() => rig.close());

    describe('honesty', () => honestyCases(traits, () => rig));
    describe('writing', () => writingCases(traits, () => rig));
    describe('restoring', () => restoringCases(traits, () => rig));
    describe('wire', () => wireCases(traits, () => rig));
  });
}

/**
 * With VAULT_ADDR and VAULT_TOKEN, on a server that somebody needs. The slot is field `value` of `secret/keyturn-test`, or
 * what KEYTURN_TEST_VAULT_REF and KEYTURN_TEST_VAULT_FIELD name: put a value there first.
 */
function neededServerCases(address: string): void {
  const namespace = process.env['VAULT_NAMESPACE'];
  givenStoreCases({
    id: 'hashicorp-vault',
    options: {
      address,
      auth: { method: 'token', token: 'env:VAULT_TOKEN' },
      ...(namespace === undefined ? {} : { namespace }),
    },
    slot: {
      ref: process.env['KEYTURN_TEST_VAULT_REF'] ?? 'secret/keyturn-test',
      fields: [process.env['KEYTURN_TEST_VAULT_FIELD'] ?? 'value'],
    },
  });
}
