import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plugin } from '../../src/checks/http/index.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Verdict } from '../../src/core/plugins/check.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  type LoopbackServer,
  startLoopbackServer,
} from '../../src/lib/emulator/loopback-server.ts';
import { createLeakDetector } from '../../src/testing/leaks.ts';
import { type OpenedCheck, openCheck, type Surroundings } from './support/open-check.ts';

const newKey = (): string => `k-${randomBytes(18).toString('base64url')}`;

describe('the http check', () => {
  let service: LoopbackServer;
  let answer: (request: EmulatedRequest, count: number) => EmulatedAnswer;

  beforeEach(async () => {
    answer = () => ({ status: 200, body: '{"user":{"id":5},"ok":true}' });
    let count = 0;
    service = await startLoopbackServer({
      isWrite: () => false,
      handle: (request) => {
        count += 1;
        return answer(request, count);
      },
    });
  });
  afterEach(() => service.stop());

  const open = (options: JsonObject = {}, surroundings?: Surroundings): Promise<OpenedCheck> =>
    openCheck(plugin, { url: `${service.url}/me`, ...options }, surroundings);

  const verdict = async (options: JsonObject): Promise<Verdict> =>
    (await (await open(options)).run({ value: newKey() })).verdict;

  describe('sends the key', () => {
    it('in path and query, percent-encoded, and nowhere else', async () => {
      const check = await open({ url: `${service.url}/keys/{{value}}?again={{ value | url }}` });
      await check.run({ value: 'a/../b?c#d e&f=g' });
      expect(service.requests.map(({ url }) => url)).toEqual([
        '/keys/a%2F..%2Fb%3Fc%23d%20e%26f%3Dg?again=a%2F..%2Fb%3Fc%23d%20e%26f%3Dg',
      ]);
    });

    it('in headers, body and basic authentication, part by part', async () => {
      const check = await open({
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-id': '{{username}}',
          'x-b64': '{{password | base64}}',
        },
        body: '{"p":"{{password | json}}"}',
        basicAuth: { username: '{{username}}', password: '{{password}}' },
      });
      await check.run({ username: 'alice', password: 'p"w\n1' });
      const [request] = service.requests;
      expect(request?.method).toBe('POST');
      expect(request?.headers).toMatchObject({
        'x-id': 'alice',
        'x-b64': Buffer.from('p"w\n1').toString('base64'),
        authorization: `Basic ${Buffer.from('alice:p"w\n1').toString('base64')}`,
      });
      expect(JSON.parse(request?.body ?? '')).toEqual({ p: 'p"w\n1' });
    });

    it('beside secrets of its own, each in the form it is wanted', async () => {
      const references = { 'env:TOKEN': 'token-1', 'file:basic': 'bob:pw' };
      const check = await open(
        {
          headersFrom: {
            'x-token': 'env:TOKEN',
            authorization: { reference: 'file:basic', as: 'Basic {{value | base64}}' },
          },
        },
        { references },
      );
      await check.run({ value: newKey() });
      expect(service.requests[0]?.headers).toMatchObject({
        'x-token': 'token-1',
        authorization: `Basic ${Buffer.from('bob:pw').toString('base64')}`,
      });
    });

    it('does not open without a secret of its own', async () => {
      await expect(open({ headersFrom: { 'x-token': 'env:NOT_THERE' } })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
      });
    });

    it('never on to where a redirect leads', async () => {
      const elsewhere = await startLoopbackServer({ isWrite: () => false, handle: () => ({ status: 200 }) });
      answer = () => ({ status: 307, headers: { location: `${elsewhere.url}/` } });
      const result = await (await open({ headers: { 'x-key': '{{value}}' } })).run({ value: newKey() });
      expect(result.verdict).toBe('fail');
      expect(elsewhere.requests).toEqual([]);
      await elsewhere.stop();
    });

    it.each(['line\nbreak', 'ends with a space ', '\ttab in front', 'pässword'])(
      'not at all in a header that would damage it (%j)',
      async (value) => {
        const check = await open({ headers: { 'x-key': '{{value}}' }, retries: { attempts: 3 } });
        const result = await check.run({ value });
        expect(result).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('x-key') });
        expect(service.requests).toEqual([]);
      },
    );
  });

  describe('judges', () => {
    it.each([
      [200, {}, 'pass'],
      [204, {}, 'pass'],
      [301, {}, 'fail'],
      [401, {}, 'fail'],
      [503, {}, 'fail'],
      [429, {}, 'inconclusive'],
      [200, { status: 201 }, 'fail'],
      [201, { status: 201 }, 'pass'],
      [302, { status: [200, '3xx'] }, 'pass'],
      [429, { status: 429 }, 'pass'],
      [404, { status: [200, '3xx'] }, 'fail'],
    ] as [number, JsonObject, Verdict][])(
      'status %i where %j is expected: %s',
      async (status, expected, wanted) => {
        answer = () => ({ status });
        expect(await verdict({ expect: expected })).toBe(wanted);
      },
    );

    it.each([
      [{ jsonPath: 'user.id' }, 'pass'],
      [{ jsonPath: 'user.id', equals: 5 }, 'pass'],
      [{ jsonPath: 'user.id', equals: '5' }, 'fail'],
      [{ jsonPath: 'user.id', equals: 6 }, 'fail'],
      [{ jsonPath: 'user.name', exists: false }, 'pass'],
      [{ jsonPath: 'user.id', exists: false }, 'fail'],
      [{ jsonPath: 'user.name' }, 'fail'],
      [{ bodyContains: '"ok":true' }, 'pass'],
      [{ bodyContains: 'nope' }, 'fail'],
      [{ jsonPath: 'user.id', equals: 5, bodyContains: 'nope' }, 'fail'],
    ] as [JsonObject, Verdict][])('a body where %j is expected: %s', async (expected, wanted) => {
      expect(await verdict({ expect: expected })).toBe(wanted);
    });

    it('a body that is no JSON by its path: fail', async () => {
      answer = () => ({ status: 200, body: '<html>Sign in</html>' });
      expect(await verdict({ expect: { jsonPath: 'user' } })).toBe('fail');
    });

    it('the service by the key it says it uses', async () => {
      answer = () => ({ status: 200, body: '{"keyInUse":"id-2"}' });
      const check = await open({ expect: { jsonPath: 'keyInUse', equals: '{{accessKeyId}}' } });
      expect((await check.run({ accessKeyId: 'id-2' })).verdict).toBe('pass');
      expect((await check.run({ accessKeyId: 'id-1' })).verdict).toBe('fail');
    });

    it('a body as it is, even where the server would like to compress it', async () => {
      answer = ({ headers }) =>
        String(headers['accept-encoding']).includes('gzip')
          ? {
              status: 200,
              headers: { 'content-encoding': 'gzip' },
              body: gzipSync('{"ok":true}').toString('latin1'),
            }
          : { status: 200, body: '{"ok":true}' };
      expect(await verdict({ expect: { jsonPath: 'ok', equals: true } })).toBe('pass');
    });

    it('nothing listening at the address as the service being down', async () => {
      await service.stop();
      expect(await verdict({ retries: { attempts: 3 } })).toBe('fail');
      service = await startLoopbackServer({ isWrite: () => false, handle: () => ({ status: 200 }) });
    });

    it.each([
      ['a name that does not exist', () => 'https://no-such-host.invalid/'],
      ['a broken TLS handshake', () => service.url.replace('http:', 'https:')],
    ])('%s as inconclusive', async (_, url) => {
      expect(await verdict({ url: url() })).toBe('inconclusive');
    });

    it('silence as inconclusive', async () => {
      service.inject({ on: 'any', kind: 'silence' });
      const check = await open({}, { timeoutMs: 100 });
      expect(await check.run({ value: newKey() })).toMatchObject({
        verdict: 'inconclusive',
        evidence: { error: 'TIMEOUT' },
      });
    });
  });

  describe('with retries', () => {
    it('asks until the service works, at the interval asked for', async () => {
      answer = (_request, count) => ({ status: count < 3 ? 503 : 200 });
      const check = await open({ retries: { attempts: 5, interval: '2s' } });
      const result = await check.run({ value: newKey() });
      expect(result).toMatchObject({ verdict: 'pass', evidence: { attempts: 3, status: 200 } });
      expect(check.clock.sleeps).toEqual([2000, 2000]);
      expect(service.requests).toHaveLength(3);
    });

    it('gives the verdict of the last attempt', async () => {
      answer = (_request, count) => ({ status: count === 1 ? 200 : 401 });
      const check = await open({ expect: { status: 201 }, retries: { attempts: 2 } });
      expect(await check.run({ value: newKey() })).toMatchObject({
        verdict: 'fail',
        evidence: { status: 401, attempts: 2 },
      });
    });

    it('waits as long as the service asks, but no longer than a minute', async () => {
      const waits = ['7', '100000', '0'];
      answer = (_request, count) => ({ status: 429, headers: { 'retry-after': waits[count - 1] ?? '0' } });
      const check = await open({ retries: { attempts: 4, interval: '2s' } });
      expect((await check.run({ value: newKey() })).verdict).toBe('inconclusive');
      expect(check.clock.sleeps).toEqual([7000, 60_000, 2000]);
    });

    it('asks once without them', async () => {
      answer = () => ({ status: 503 });
      const check = await open();
      await check.run({ value: newKey() });
      expect([service.requests.length, check.clock.sleeps]).toEqual([1, []]);
    });

    it('does not repeat what cannot become better: a part the key does not have', async () => {
      const check = await open({ headers: { 'x-key': '{{missing}}' }, retries: { attempts: 5 } });
      expect(await check.run({ value: newKey() })).toMatchObject({
        verdict: 'inconclusive',
        evidence: { attempts: 1 },
      });
      expect(service.requests).toEqual([]);
    });

    it('stops when it is asked to, even while it waits for an answer', async () => {
      const stop = new AbortController();
      answer = () => {
        stop.abort();
        return { status: 503 };
      };
      const check = await open({ retries: { attempts: 100 } });
      await expect(check.run({ value: newKey() }, stop.signal)).rejects.toMatchObject({ code: 'ABORTED' });
      expect(service.requests).toHaveLength(1);
    });
  });

  it('shows neither the key nor a secret of its own, whatever the service answers', async () => {
    const leaks = createLeakDetector();
    const [value, token] = [leaks.watch(newKey()), leaks.watch(newKey())];
    const options = {
      url: `${service.url}/{{value}}`,
      headers: { 'x-key': '{{value}}' },
      headersFrom: { 'x-token': 'env:TOKEN' },
      expect: { jsonPath: 'echo', equals: '{{value | base64}}', bodyContains: '{{value | url}}' },
    };
    const check = await open(options, { references: { 'env:TOKEN': token } });
    const echoes: (() => EmulatedAnswer)[] = [
      () => ({ status: 200, body: JSON.stringify({ echo: value }) }),
      () => ({ status: 200, body: JSON.stringify({ echo: Buffer.from(value).toString('base64'), value }) }),
      () => ({ status: 500, body: `no such key: ${value}`, headers: { 'x-echo': token } }),
      () => ({ status: 302, headers: { location: `/login?key=${value}` } }),
    ];
    for (const echo of echoes) {
      answer = echo;
      leaks.expectClean(await check.run({ value }));
    }
    await service.stop();
    leaks.expectClean(await check.run({ value }));
    service = await startLoopbackServer({ isWrite: () => false, handle: () => ({ status: 200 }) });
  });
});
