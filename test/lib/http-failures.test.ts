import { createServer as createTlsServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { createHttpRig, failure, type HttpRig, request } from './http-rig.ts';
import { selfSignedCertificate } from './self-signed.ts';

/** The same break means different things: a read may be repeated, a write may have been carried out. */

let rig: HttpRig;
let server: LoopbackServer;
beforeEach(async () => {
  rig = createHttpRig();
  server = await startLoopbackServer({
    isWrite: ({ method }) => method === 'POST',
    handle: () => ({ status: 200, body: 'ok' }),
  });
});
afterEach(async () => {
  await rig.close();
  await server.stop();
});

const both = async (url: string, timeoutMs = 5000) => {
  const client = rig.client(url, { timeoutMs });
  const read = await failure(client.send(request()));
  const write = await failure(client.send(request({ effect: 'write' })));
  return { codes: [read.code, write.code], read, write };
};

describe('a request that cannot have arrived is UNAVAILABLE, a write too', () => {
  it('when nobody listens', async () => {
    const { codes, write } = await both(`http://127.0.0.1:${await rig.closedPort()}`);
    expect(codes).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(write.retryable).toBe(true);
    expect(write.message).toContain('ECONNREFUSED');
  });

  it('when nobody listens at any address of a name', async () => {
    const { codes, read } = await both(`http://localhost:${await rig.closedPort()}`);
    expect(codes).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(read.message).toContain('ECONNREFUSED');
  });

  it('when the name does not exist', async () => {
    const { codes } = await both('http://keyturn.invalid');
    expect(codes).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
  });

  it('when the other side does not speak TLS', async () => {
    const { codes, write } = await both(server.url.replace('http:', 'https:'));
    expect(codes).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(write.message).toMatch(/TLS: wrong version number$/);
    expect(write.hint).toContain('scheme and port');
  });

  it('when the connection is cut during the TLS handshake', async () => {
    const port = await rig.raw((socket) => socket.destroy());
    expect((await both(`https://127.0.0.1:${port}`)).codes).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
  });
});

describe('a request that may have arrived is UNAVAILABLE for a read, INDETERMINATE for a write', () => {
  const LOST = ['UNAVAILABLE', 'INDETERMINATE'];

  it('when the connection is cut instead of an answer', async () => {
    server.inject({ kind: 'cut', on: 'any', times: 2 });
    const { codes, write } = await both(server.url);
    expect(codes).toEqual(LOST);
    expect(write.retryable).toBe(false);
  });

  it('when the connection is cut in the middle of the answer', async () => {
    const port = await rig.raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
      setImmediate(() => socket.destroy());
    });
    expect((await both(`http://127.0.0.1:${port}`)).codes).toEqual(LOST);
  });

  it('when the answer is not HTTP', async () => {
    const port = await rig.raw((socket) => socket.end('220 smtp.example.com ESMTP\r\n'));
    expect((await both(`http://127.0.0.1:${port}`)).codes).toEqual(LOST);
  });
});

describe('time', () => {
  const LATE = ['TIMEOUT', 'INDETERMINATE'];

  it('runs out when no answer comes', async () => {
    server.inject({ kind: 'silence', on: 'any', times: 2 });
    const { codes, read, write } = await both(server.url, 200);
    expect(codes).toEqual(LATE);
    expect([read.message, write.message]).toEqual(
      Array(2).fill(expect.stringContaining('no answer within 200 ms')),
    );
  });

  it('runs out when the answer comes drop by drop and never ends', async () => {
    const port = await rig.raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
      const drops = setInterval(() => socket.write('.'), 20);
      socket.on('close', () => clearInterval(drops));
    });
    expect((await both(`http://127.0.0.1:${port}`, 200)).codes).toEqual(LATE);
  });

  it('that ran out for one request does not spoil the next', async () => {
    server.inject({ kind: 'silence', on: 'any' });
    const client = rig.client(server.url, { timeoutMs: 200 });
    expect((await failure(client.send(request()))).code).toBe('TIMEOUT');
    expect((await client.send(request())).body).toBe('ok');
  });
});

describe('being asked to stop while the answer is awaited', () => {
  it.each([
    { effect: 'read', code: 'ABORTED' },
    { effect: 'write', code: 'INDETERMINATE' },
  ] as const)('is $code for a $effect', async ({ effect, code }) => {
    const stop = new AbortController();
    const port = await rig.raw(() => stop.abort());
    const attempt = rig.client(`http://127.0.0.1:${port}`).send(request({ effect, signal: stop.signal }));
    const error = await failure(attempt);
    expect(error.code).toBe(code);
    expect(error.message).toContain('asked to stop');
  });
});

describe('TLS', () => {
  const identity = selfSignedCertificate();
  let secure: Server;
  let arrived: number;
  beforeEach(async () => {
    arrived = 0;
    secure = createTlsServer(identity, (_message, response) => {
      arrived += 1;
      response.end('ok');
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await rig.close();
    secure.closeAllConnections();
    await new Promise((resolve) => secure.close(resolve));
  });

  const url = () => `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;

  it('with a certificate that nobody vouches for sends nothing, and says what to do', async () => {
    const { codes, write } = await both(url());
    expect(codes).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(write.hint).toContain('`ca`');
    expect(arrived).toBe(0);
  });

  it('trusts the authority it is given', async () => {
    expect((await rig.client(url(), { ca: identity.cert }).send(request())).body).toBe('ok');
  });

  it('does not trust it for another name', async () => {
    const other = url().replace('127.0.0.1', 'localhost');
    const error = await failure(rig.client(other, { ca: identity.cert }).send(request({ effect: 'write' })));
    expect(error.code).toBe('UNAVAILABLE');
    expect(error.message).toContain('altnames');
    expect(arrived).toBe(0);
  });

  it('cannot be switched off from outside', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    try {
      expect((await both(url())).codes).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
      expect(arrived).toBe(0);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
