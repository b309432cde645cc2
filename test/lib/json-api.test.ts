import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { statusError } from '../../src/lib/http/answer.ts';
import { openJsonApi } from '../../src/lib/http/json-api.ts';

const ABOUT = { subject: 'ci', action: 'ask', effect: 'read' } as const;

it('says in every request who asks, and what it takes', async () => {
  const token = randomBytes(12).toString('hex');
  const server = await startLoopbackServer({
    isWrite: () => false,
    handle: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }),
  });
  const api = await openJsonApi(
    { address: `${server.url}/`, token: 'env:TOKEN' },
    { name: 'ci', timeoutMs: 5000, resolve: async () => new Secret(token) },
    {
      base: '/api',
      headers: (own) => ({ authorization: `token ${own.reveal()}` }),
      errorOf: statusError,
    },
  );
  const { signal } = new AbortController();
  await api.ask({ ...ABOUT, method: 'GET', path: '/me' }, signal);
  await api.ask({ ...ABOUT, method: 'POST', path: '/me', body: { a: 1 } }, signal);
  const [looked, wrote] = server.requests;
  expect(looked?.path).toBe('/api/me');
  expect(looked?.headers).toMatchObject({
    'user-agent': 'keyturn',
    accept: 'application/json',
    authorization: `token ${token}`,
  });
  expect(wrote?.headers).toMatchObject({ 'user-agent': 'keyturn', 'content-type': 'application/json' });
  api.close();
  await server.stop();
});
