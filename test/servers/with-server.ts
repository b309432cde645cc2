import { describe, inject, it } from 'vitest';
import type { ServersUnderTest } from '../../scripts/servers/servers-under-test.ts';

/** The suite on a real server; without one, a single test that says why nothing was proved. */
export function withServer(name: keyof ServersUnderTest, suite: (url: string) => void): void {
  const server = inject('servers')[name];
  describe(name, () => {
    if ('url' in server) suite(server.url);
    else it('was not run', ({ skip }) => skip(server.missing));
  });
}
