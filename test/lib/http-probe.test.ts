import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { destinationOf } from '../../src/lib/http-probe/destination.ts';
import { EMULATED_REFERENCE, emulatedRequest } from '../../src/lib/http-probe/emulated-request.ts';
import { matchesStatus, sampleStatus } from '../../src/lib/http-probe/expected-status.ts';
import { judgeAnswer } from '../../src/lib/http-probe/judge-answer.ts';
import { prepareRequest } from '../../src/lib/http-probe/prepare-request.ts';
import type { Expectation, RequestOptions } from '../../src/lib/http-probe/probe-options.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';

const OPTIONS: RequestOptions = {
  method: 'GET',
  url: 'https://api.example.com/keys/{{value | json}}',
  headers: {},
  headersFrom: {},
  allowInsecure: false,
};

const nobody = (): Promise<never> => Promise.reject(new Error('a request asked for a person'));

const prepare = (change: Partial<RequestOptions> = {}) =>
  prepareRequest(
    { ...OPTIONS, ...change },
    {
      name: 'check x',
      baseDir: tmpdir(),
      clock: virtualClock(0),
      timeoutMs: 1000,
      resolve: async (reference) => {
        if (reference === 'file:ca.pem') return new Secret('the certificate');
        throw new RotationError('CONFIG_INVALID', { subject: reference, reason: 'unknown' });
      },
      operator: { provideCredential: nobody, confirmDone: nobody },
    },
  );

describe('where a request goes', () => {
  it('is the origin that is written out', () => {
    expect(destinationOf('HTTPS://API.example.com:443/x?{{value}}', false)).toEqual({
      origin: 'https://api.example.com',
    });
  });

  it.each(['https://api.example.com:99999/', 'https://[::1/', 'ftp://x/', '{{value}}', ''])(
    '%s is no place to send a key to',
    async (url) => {
      expect(destinationOf(url, true).problem).toContain('must be an http(s) URL');
      await expect(prepare({ url })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('url must be an http(s) URL'),
      });
    },
  );

  it('cannot be moved by a value', async () => {
    const value = '/other.example.com/x';
    const bare = await prepare({ url: 'https://api.example.com/{{value | json}}' });
    expect(() => bare.fill({ value })).toThrow(expect.objectContaining({ code: 'REFUSED' }));
    const implied = await prepare({ url: 'https://api.example.com/{{value}}' });
    expect(implied.fill({ value }).path).toBe('/%2Fother.example.com%2Fx');
  });

  it('is verified by the authority that is given', async () => {
    const { settings } = (await prepare({ ca: 'file:ca.pem' })).fill({ value: 'k' });
    expect(settings).toMatchObject({ baseUrl: 'https://api.example.com', ca: 'the certificate' });
    expect((await prepare()).fill({ value: 'k' }).settings).not.toHaveProperty('ca');
    await expect(prepare({ ca: 'file:gone.pem' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('an answer', () => {
  const judge = (body: string, expected: Partial<Expectation>) =>
    judgeAnswer({ status: 200, headers: {}, body }, { status: 200, ...expected }, { value: 'k' }, 'check x');

  it.each([
    ['{"a":null}', { jsonPath: 'a', equals: 'x' }, 'a is of type null, expected string'],
    ['{"a":[1]}', { jsonPath: 'a', equals: 1 }, 'a is of type list, expected number'],
    ['{"a":{}}', { jsonPath: 'a', equals: true }, 'a is of type object, expected boolean'],
    ['{"a":"y"}', { jsonPath: 'a', equals: null }, 'a is of type string, expected null'],
    ['{"a":2}', { jsonPath: 'a', equals: 1 }, 'a is another number than expected'],
    ['{"b":1}', { jsonPath: 'a', equals: 1 }, 'a is not there'],
    ['{"b":1}', { jsonPath: 'a' }, 'a is not there'],
    ['{"a":1}', { jsonPath: 'a', exists: false }, 'a is there'],
    ['<html>', { jsonPath: 'a', equals: 1 }, 'the body is not JSON'],
    ['{"a":1}', { bodyContains: '"a":2' }, 'the body lacks the expected text'],
  ])('%s is told apart from %j without a word of it', (body, expected, text) => {
    expect(judge(body, expected)).toMatchObject({ met: false, summary: `status 200, ${text}` });
  });

  it.each([
    ['{"a":null}', { jsonPath: 'a', equals: null }],
    ['{"a":"k"}', { jsonPath: 'a', equals: '{{value}}' }],
    ['{"a":0}', { jsonPath: 'a' }],
    ['{}', { jsonPath: 'a', exists: false }],
    ['{"a":"k"}', { bodyContains: '{{value}}' }],
  ])('%s is what %j asks for', (body, expected) => {
    expect(judge(body, expected).met).toBe(true);
  });
});

describe('a rehearsal', () => {
  it.each([200, 418, '3xx', '5xx', [404, '2xx']])('meets the status %j, and can miss it', (expected) => {
    expect(matchesStatus(expected, sampleStatus(expected, true))).toBe(true);
    expect(matchesStatus(expected, sampleStatus(expected, false))).toBe(false);
  });

  it('answers as well as it can where every status is right, or none', () => {
    expect(sampleStatus(['2xx', '3xx', '4xx', '5xx'], false)).toBe(401);
    expect(sampleStatus(999, true)).toBe(200);
  });

  it('asks at the emulator for what does not depend on the key', () => {
    const from = { 'x-token': 'env:TOKEN', authorization: { reference: 'env:T', as: 'Bearer {{value}}' } };
    const request = (expect: Expectation) =>
      emulatedRequest(
        { url: 'https://api.example.com:8443/me?a=1', headersFrom: from, expect },
        'http://127.0.0.1:9',
      );
    expect(request({ status: 200, bodyContains: 'key {{value}}' })).toMatchObject({
      url: 'http://127.0.0.1:9/me?a=1',
      headersFrom: {
        'x-token': EMULATED_REFERENCE,
        authorization: { reference: EMULATED_REFERENCE, as: 'Bearer {{value}}' },
      },
      expect: { bodyContains: undefined },
    });
    expect(request({ status: 200, bodyContains: 'ok' }).expect).toMatchObject({ bodyContains: 'ok' });
    expect(request({ status: 200, jsonPath: 'id', equals: '{{value}}' }).expect).toMatchObject({
      equals: undefined,
      exists: true,
    });
  });
});
