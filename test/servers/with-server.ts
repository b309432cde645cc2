import { describe, inject, it } from 'vitest';
import type { ServersUnderTest, VaultServer } from '../../scripts/servers/servers-under-test.ts';

type Given<Name extends keyof ServersUnderTest> = Exclude<
  ServersUnderTest[Name],
  { readonly missing: string }
>;

/** The suite on a real server; without one, a single test that says why nothing was proved. */
export function withServer<Name extends keyof ServersUnderTest>(
  name: Name,
  suite: (server: Given<Name>) => void,
): void {
  const server = inject('servers')[name];
  describe(name, () => {
    if ('missing' in server) notRun(server.missing);
    else suite(server as Given<Name>);
  });
}

/** For suites that mount engines and write where they like: never on a server that somebody needs. */
export function withScratchVault(suite: (server: VaultServer) => void): void {
  withServer('vault', (server) => {
    if (server.scratch) suite(server);
    else notRun('set KEYTURN_TEST_VAULT_SCRATCH=1 when nobody needs what is on the server of VAULT_ADDR');
  });
}

function notRun(reason: string): void {
  it('was not run', ({ skip }) => skip(reason));
}
