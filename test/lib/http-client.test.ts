import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../src/core/plugins/emulator.ts';
import { type LoopbackServer, startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { jsonOf, statusError, strangeAnswer } from '../../src/lib/http/answer.ts';
import { CREDENTIAL, createHttpRig, failure, type HttpRig, request } from './http-rig.ts';

const ABOUT = { subject: 'thing-prod', action: 'look at the thing', effect: 'read' } as const;

let rig: HttpRig;
let server: LoopbackServer;
beforeEach(async () => {
  rig = createHttpRig();
  server = await startLoopbackServer({
    isWrite: ({ method }) => method === 'POST',
    handle: () => ({ status: 200, headers: { 'X-Request-Id': 'Abc' }, body: '{"ok":true}' }),
  });
});
afterEach(async () => {
  await rig.close();
  await server.stop();
});

describe('an answer', () => {
  it('is given whatever its status, with lower-case header names', async () => {
    const client = rig.client(server.url);
    const answer = await client.send(request());
    expect(answer).toMatchObject({ status: 200, body: '{"ok":true}' });
    expect(answer.headers['x-request-id']).toBe('Abc');
    server.inject({ kind: 'status', status: 418, on: 'read' });
    expect((await client.send(request())).status).toBe(418);
  });

  it('arrives byte for byte: no byte order mark dropped, nothing parsed, nothing trimmed', async () => {
    const body = '\uFEFF {"a": 1} ключ 🔑\r\n';
    const exact = await startLoopbackServer({ isWrite: () => false, handle: () => ({ status: 200, body }) });
    try {
      expect((await rig.client(exact.url).send(request())).body).toBe(body);
    } finally {
      await exact.stop();
    }
  });

  it('is asked for uncompressed, since nothing here unpacks it', async () => {
    await rig.client(server.url).send(request());
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('that redirects is given, and not followed', async () => {
    server.inject({ kind: 'redirect', on: 'read' });
    const answer = await rig.client(server.url).send(request());
    expect(answer.status).toBe(302);
    expect(server.requests).toHaveLength(1);
    expect(strangeAnswer(answer, ABOUT).message).toContain('it redirects (302) to http://127.0.0.1:9');
  });

  it('that is a web page is no JSON: UNAVAILABLE for a read, INDETERMINATE for a write', async () => {
    server.inject({ kind: 'html', on: 'any', times: 2 });
    const answer = await rig.client(server.url).send(request());
    const parse = (effect: 'read' | 'write') =>
      failure(Promise.resolve().then(() => jsonOf(answer, { ...ABOUT, effect })));
    expect((await parse('read')).code).toBe('UNAVAILABLE');
    expect((await parse('write')).code).toBe('INDETERMINATE');
    expect((await parse('read')).message).not.toContain('Sign in');
  });

  it('beyond 33 MiB is given up', async () => {
    const port = await rig.raw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${40 * 1024 * 1024}\r\n\r\n`);
      socket.end(Buffer.alloc(40 * 1024 * 1024, 97));
    });
    const error = await failure(rig.client(`http://127.0.0.1:${port}`).send(request()));
    expect(error.code).toBe('UNAVAILABLE');
    expect(error.message).toContain('maxContentLength');
  });
});

describe('a status', () => {
  const error = (status: number, effect: 'read' | 'write', headers: Record<string, string> = {}) =>
    statusError({ status, headers, body: '' }, { ...ABOUT, effect });

  it.each([
    [400, 'REFUSED', 'REFUSED'],
    [401, 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED', 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND', 'NOT_FOUND'],
    [408, 'UNAVAILABLE', 'INDETERMINATE'],
    [409, 'CONFLICT', 'CONFLICT'],
    [412, 'CONFLICT', 'CONFLICT'],
    [413, 'LIMIT_REACHED', 'LIMIT_REACHED'],
    [422, 'REFUSED', 'REFUSED'],
    [429, 'RATE_LIMITED', 'RATE_LIMITED'],
    [499, 'UNAVAILABLE', 'INDETERMINATE'],
    [500, 'UNAVAILABLE', 'INDETERMINATE'],
    [502, 'UNAVAILABLE', 'INDETERMINATE'],
    [503, 'UNAVAILABLE', 'INDETERMINATE'],
    [504, 'UNAVAILABLE', 'INDETERMINATE'],
  ])('%i is %s for a read and %s for a write', (status, read, write) => {
    expect(error(status, 'read').code).toBe(read);
    expect(error(status, 'write').code).toBe(write);
  });

  it('503 with a `Retry-After` is the word of a system that did not do it', () => {
    expect(error(503, 'write', { 'retry-after': '7' }).code).toBe('UNAVAILABLE');
  });

  it('comes with the wait the system asked for, in seconds or as a date', () => {
    expect(error(429, 'read', { 'retry-after': '7' }).context.retryAfter).toBe(7);
    expect(error(503, 'read', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }).context.retryAfter).toBe(0);
    expect(error(503, 'read', { 'retry-after': 'soon' }).context.retryAfter).toBeUndefined();
  });
});

describe('a request', () => {
  it('goes below the base URL exactly as it is encoded', async () => {
    await rig.client(`${server.url}/api/`).send(request({ path: '/secrets/a%2Fb%20c?x=1%2B1' }));
    expect(server.requests[0]?.url).toBe('/api/secrets/a%2Fb%20c?x=1%2B1');
  });

  it('may have no path and no headers of its own', async () => {
    const { signal } = new AbortController();
    await rig.client(server.url).send({ method: 'GET', path: '', effect: 'read', action: 'look', signal });
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: '/' });
  });

  it('goes through the proxy that the environment names', async () => {
    vi.stubEnv('http_proxy', server.url);
    vi.stubEnv('no_proxy', '');
    try {
      await rig.client('http://vault.example.com:8200').send(request());
    } finally {
      vi.unstubAllEnvs();
    }
    expect(server.requests[0]).toMatchObject({
      url: 'http://vault.example.com:8200/thing',
      headers: { host: 'vault.example.com:8200' },
    });
  });

  it('never leaves for another host, whatever its path', async () => {
    const elsewhere = await startLoopbackServer({ isWrite: () => false, handle: () => ({ status: 200 }) });
    try {
      const path = `//${new URL(elsewhere.url).host}/thing`;
      await rig.client(server.url).send(request({ path }));
      await failure(rig.client(server.url).send(request({ path: `${elsewhere.url}/thing` })));
      expect(elsewhere.requests).toHaveLength(0);
    } finally {
      await elsewhere.stop();
    }
  });

  it.each(['/a b', '/a\nb', '/ключ', '/a#b', '/a\\b', 'a', '/a/../b', '/a/%2E%2e', '/./a?b'])(
    'with the path %j is refused: it would arrive as another',
    async (path) => {
      const error = await failure(rig.client(server.url).send(request({ path, effect: 'write' })));
      expect(error.code).toBe('REFUSED');
      expect(server.requests).toHaveLength(0);
    },
  );

  it.each([`${CREDENTIAL}\n`, ` ${CREDENTIAL}`, `ключ-${CREDENTIAL}`, `${CREDENTIAL}\r\nx-other: 1`])(
    'with a credential that a header cannot carry (case %#) is refused, not sent in another shape',
    async (credential) => {
      const headers = { 'x-api-key': credential };
      const error = await failure(rig.client(server.url).send(request({ headers, effect: 'write' })));
      expect(error.code).toBe('REFUSED');
      expect(error.message).toContain('x-api-key');
      expect(inspect(error, { depth: Infinity })).not.toContain(CREDENTIAL);
      expect(server.requests).toHaveLength(0);
    },
  );

  it('too large to be sent is LIMIT_REACHED, also when it is a write', async () => {
    const body = Buffer.alloc(34 * 1024 * 1024);
    const error = await failure(rig.client(server.url).send(request({ effect: 'write', body })));
    expect(error.code).toBe('LIMIT_REACHED');
    expect(server.requests).toHaveLength(0);
  });

  it('asked to stop before it began is ABORTED, also when it is a write: nothing was sent', async () => {
    const attempt = rig.client(server.url).send(request({ effect: 'write', signal: AbortSignal.abort() }));
    expect((await failure(attempt)).code).toBe('ABORTED');
    expect(server.requests).toHaveLength(0);
  });

  it('uses one connection again for the next', async () => {
    let connections = 0;
    const port = await rig.raw((socket) => {
      connections += 1;
      const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
      socket.write(answer);
      socket.on('data', () => socket.write(answer));
    });
    const client = rig.client(`http://127.0.0.1:${port}`);
    for (let turn = 0; turn < 3; turn += 1) await client.send(request());
    expect(connections).toBe(1);
  });
});

describe('whatever goes wrong', () => {
  const FAULTS: readonly Fault[] = [
    { kind: 'cut', on: 'any' },
    { kind: 'lost-answer', on: 'any' },
    { kind: 'silence', on: 'any' },
  ];

  it.each(FAULTS)('with $kind, no error holds the credential, however it is printed', async (fault) => {
    for (const effect of ['read', 'write'] as const) {
      server.inject(fault);
      const error = await failure(rig.client(server.url, { timeoutMs: 200 }).send(request({ effect })));
      const printed = [
        inspect(error, { depth: Infinity, showHidden: true }),
        JSON.stringify(error),
        error.stack,
      ];
      expect(printed.join('\n')).not.toContain(CREDENTIAL);
      expect(printed.join('\n')).not.toContain(Buffer.from(CREDENTIAL).toString('base64').slice(0, -4));
    }
  });
});
