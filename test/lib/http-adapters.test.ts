import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { createHttpRig, failure, type HttpRig, request } from './http-rig.ts';

/** An address with credentials (as one behind a proxy) is left to the adapter of axios: nobody may see a difference. */

let rig: HttpRig;
let server: LoopbackServer;
beforeEach(async () => {
  rig = createHttpRig();
  server = await startLoopbackServer({
    isWrite: ({ method }) => method === 'POST',
    handle: ({ body }) => ({
      status: 200,
      headers: { 'X-Two': 'a', 'Set-Cookie': 'b' },
      body: `${body} ключ`,
    }),
  });
});
afterEach(async () => {
  await rig.close();
  await server.stop();
});

const both = () => [server.url, server.url.replace('//', '//user:word@')];

describe('ours and that of axios', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('send the same %s', async (method) => {
    for (const body of [undefined, '{"ключ":1}', Buffer.from([0, 255, 10])]) {
      for (const url of both()) {
        await rig.client(`${url}/base/`).send(request({ method, ...(body === undefined ? {} : { body }) }));
      }
      const [ours, theirs] = server.requests.slice(-2).map(({ method, url, body, headers }) => {
        const { host: _host, 'user-agent': _agent, authorization: _authorization, ...rest } = headers;
        return { method, url, body, headers: rest };
      });
      expect(ours).toEqual(theirs);
      expect(ours?.url).toBe('/base/thing');
    }
  });

  it('say the host that the request names, and the true length', async () => {
    const headers = { Host: 'other.example.com', 'content-length': '3' };
    await rig.client(server.url).send(request({ headers, effect: 'write', body: 'four' }));
    expect(server.requests[0]).toMatchObject({ body: 'four', headers: { host: 'other.example.com' } });
  });

  it('give the same answer', async () => {
    const answers = [];
    for (const url of both()) {
      const { status, headers, body } = await rig.client(url).send(request({ effect: 'write' }));
      answers.push({ status, body, headers: { ...headers, date: '' } });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.headers).toMatchObject({ 'x-two': 'a', 'set-cookie': 'b' });
  });

  it.each(['cut', 'silence', 'lost-answer'] as const)('fail alike when the fault is %s', async (kind) => {
    const codes: string[][] = [];
    for (const url of both()) {
      server.inject({ kind, on: 'any', times: 2 });
      const client = rig.client(url, { timeoutMs: 200 });
      const read = await failure(client.send(request()));
      const write = await failure(client.send(request({ effect: 'write' })));
      codes.push([read.code, write.code]);
    }
    expect(codes[0]).toEqual(codes[1]);
  });

  it('both refuse an answer that is too large', async () => {
    const port = await rig.raw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${40 * 1024 * 1024}\r\n\r\n`);
      socket.end(Buffer.alloc(40 * 1024 * 1024, 97));
    });
    for (const credentials of ['', 'user:word@']) {
      const error = await failure(rig.client(`http://${credentials}127.0.0.1:${port}`).send(request()));
      expect(error.message).toContain('maxContentLength');
    }
  });
});
