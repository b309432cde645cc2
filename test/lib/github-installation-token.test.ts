import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { createInstallationToken } from '../../src/lib/github/installation-token.ts';
import type { HttpClient } from '../../src/lib/http/http-client.ts';
import { instantClock } from '../../src/testing/instant-clock.ts';

it('puts one listener on the signal of a rotation, however many of its calls wait for a token', async () => {
  const silent: HttpClient = { send: () => new Promise(() => {}), close: () => {} };
  const token = createInstallationToken({
    http: silent,
    name: 'github',
    clock: instantClock(),
    installationId: '4711',
    jwt: async () => new Secret('not asked for'),
  });
  const stop = new AbortController();
  const calls = Array.from({ length: 50 }, () => token.current(stop.signal));
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
  stop.abort();
  for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
});
