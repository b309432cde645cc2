import { afterEach, expect, test } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';

let server: LoopbackServer | undefined;
afterEach(() => server?.stop());

test('a defect of an emulator is a 500 that says what is wrong, not a request without an answer', async () => {
  server = await startLoopbackServer({
    isWrite: () => false,
    handle: ({ path }) => {
      throw path === '/word' ? 'a word' : new Error('no such operation');
    },
  });
  const [error, word] = await Promise.all([fetch(`${server.url}/`), fetch(`${server.url}/word`)]);
  expect([error.status, await error.text()]).toEqual([500, 'Error: no such operation']);
  expect([word.status, await word.text()]).toEqual([500, 'a word']);
});

test('a fault strikes as often as it is told, and only what it is meant for', async () => {
  server = await startLoopbackServer({
    isWrite: ({ method }) => method === 'POST',
    handle: () => ({ status: 204 }),
  });
  server.inject({ kind: 'status', status: 429, retryAfter: 7, on: 'write', times: 2 });
  const { url } = server;
  const statusOf = async (method: string) => (await fetch(url, { method })).status;
  expect(await statusOf('GET')).toBe(204);
  const refused = await fetch(url, { method: 'POST' });
  expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([
    429,
    '7',
    '{}',
  ]);
  expect([await statusOf('POST'), await statusOf('POST')]).toEqual([429, 204]);
});
