import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import {
  type EmulatedAnswer,
  type LoopbackServer,
  startLoopbackServer,
} from '../../src/lib/emulator/loopback-server.ts';
import { plugin } from '../../src/reloads/http/index.ts';
import { problemsOf } from '../checks/support/open-check.ts';
import { openReload } from './open-reload.ts';

describe('the http reload', () => {
  let platform: LoopbackServer;
  let accepted: EmulatedAnswer;
  /** What each look sees, in order; the last stays. */
  let looks: EmulatedAnswer[];

  beforeEach(async () => {
    accepted = { status: 202, body: '{"queued":true}' };
    looks = [{ status: 200 }];
    platform = await startLoopbackServer({
      isWrite: ({ method }) => method === 'POST',
      handle: ({ method }) => {
        if (method === 'POST') return accepted;
        const [next = { status: 500 }] = looks.length > 1 ? looks.splice(0, 1) : looks;
        return next;
      },
    });
  });
  afterEach(() => platform.stop());

  const seen = (body: JsonObject): EmulatedAnswer => ({ status: 200, body: JSON.stringify(body) });
  const open = (
    options: JsonObject = {},
    references: Record<string, string> = {},
  ): ReturnType<typeof openReload> =>
    openReload(plugin, { url: `${platform.url}/restart/{{service}}`, ...options }, { references });
  const waitFor = (options: JsonObject): JsonObject => ({
    waitFor: { url: `${platform.url}/state`, ...options },
  });
  const methods = (): string[] => platform.requests.map(({ method }) => method);

  it('makes the request, with its own secret and the name of the service', async () => {
    const options = {
      headers: { 'content-type': 'application/json' },
      headersFrom: { authorization: { reference: 'env:TOKEN', as: 'Bearer {{value}}' } },
      body: '{"service":"{{service | json}}"}',
    };
    const evidence = await (await open(options, { 'env:TOKEN': 'token-1' })).run();
    expect(platform.requests).toMatchObject([
      {
        method: 'POST',
        url: '/restart/check%20out',
        headers: { authorization: 'Bearer token-1' },
        body: '{"service":"check out"}',
      },
    ]);
    expect(evidence).toEqual({ request: `POST ${platform.url}/restart/{{service}}`, status: 202 });
  });

  it('takes an answer for an acceptance only when it is as expected', async () => {
    const strict = { expect: { jsonPath: 'queued', equals: true } };
    await expect((await open(strict)).run()).resolves.toMatchObject({ status: 202 });
    accepted = { status: 200, body: '<html>Sign in</html>' };
    await expect((await open(strict)).run()).rejects.toMatchObject({ code: 'CHECK_FAILED' });
  });

  it('waits until the new instance answers as expected', async () => {
    looks = [{ status: 503 }, seen({ state: 'starting' }), seen({ state: 'running' })];
    const reload = await open(waitFor({ expect: { jsonPath: 'state', equals: 'running' }, interval: '3s' }));
    expect(await reload.run()).toMatchObject({ status: 202, looks: 3 });
    expect(reload.clock.sleeps).toEqual([3000, 3000]);
    expect(methods()).toEqual(['POST', 'GET', 'GET', 'GET']);
  });

  it('does not take the old instance for the new one', async () => {
    looks = [seen({ startedAt: 1 }), seen({ startedAt: 1 }), seen({}), seen({ startedAt: 2 })];
    const reload = await open(waitFor({ differs: 'startedAt' }));
    expect(await reload.run()).toMatchObject({ looks: 3, seen: 'startedAt is new' });
    expect(methods()).toEqual(['GET', 'POST', 'GET', 'GET', 'GET']);
  });

  it.each([
    ['is cut', () => void platform.inject({ on: 'read', kind: 'cut' })],
    ['meets a busy service', () => looks.unshift({ status: 503 })],
  ])('looks at the old instance again when its first look %s', async (_what, stumble) => {
    looks = [seen({ startedAt: 1 }), seen({ startedAt: 1 }), seen({ startedAt: 2 })];
    stumble();
    expect(await (await open(waitFor({ differs: 'startedAt' }))).run()).toMatchObject({ looks: 2 });
  });

  it('takes any instance for new when none was up before', async () => {
    platform.inject({ on: 'read', kind: 'cut', times: 3 });
    looks = [seen({ startedAt: 1 })];
    expect(await (await open(waitFor({ differs: 'startedAt' }))).run()).toMatchObject({ looks: 1 });
  });

  it('waits out the connections that a restart cuts', async () => {
    platform.inject({ on: 'read', kind: 'cut', times: 2 });
    expect(await (await open(waitFor({}))).run()).toMatchObject({ looks: 3 });
  });

  it('says what it saw last when the new instance does not come up', async () => {
    looks = [{ status: 503 }];
    const reload = await open(waitFor({}));
    await expect(reload.run()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringMatching(/not done within 20s.*503/),
    });
  });

  it('gives a platform the time it asks for, but no more than there is', async () => {
    looks = [
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 429, headers: { 'retry-after': '86400' } },
      { status: 429 },
      { status: 200 },
    ];
    const reload = await open(waitFor({ interval: '1s' }));
    expect(await reload.run()).toMatchObject({ looks: 4 });
    // 20 s in all, a tenth of which is kept for the last look.
    expect(reload.clock.sleeps).toEqual([7000, 11_000, 1000]);
  });

  it('does not wait for what no wait will change: a state that cannot be asked for', async () => {
    const url = `${platform.url}/state/{{servcie}}`;
    await expect((await open(waitFor({ url }))).run()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    // Found before the reload where the old instance has to be looked at.
    const before = platform.requests.length;
    await expect((await open(waitFor({ url, differs: 'revision' }))).run()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    const expect200 = { expect: { bodyContains: '{{nothing}}' } };
    await expect((await open(waitFor(expect200))).run()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(methods().slice(before)).toEqual(['POST', 'GET']);
  });

  it('does not wait for what was not accepted', async () => {
    accepted = { status: 404 };
    await expect((await open(waitFor({}))).run()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(methods()).toEqual(['POST']);
  });

  it('stops waiting when it is asked to', async () => {
    const stop = new AbortController();
    looks = [{ status: 503 }];
    const reload = await open(waitFor({}));
    const sleep = reload.clock.sleep;
    Object.assign(reload.clock, {
      sleep: (ms: number, signal?: AbortSignal) => {
        stop.abort();
        return sleep(ms, signal);
      },
    });
    await expect(reload.run(stop.signal)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(methods()).toEqual(['POST', 'GET']);
  });

  it.each([
    ['a literal token', { url: 'https://p.example/', headers: { authorization: 'Bearer x' } }, /headersFrom/],
    ['plain http', { url: 'http://p.example/' }, /must be https/],
    [
      'plain http to wait for',
      { url: 'https://p.example/', waitFor: { url: 'http://p.example/' } },
      /waitFor\.url: must be https/,
    ],
    [
      'a malformed path',
      { url: 'https://p.example/', waitFor: { url: 'https://p.example/', differs: 'a..b' } },
      /dotted path/,
    ],
  ])('refuses %s', async (_, options, message) => {
    expect((await problemsOf(plugin, options)).join('\n')).toMatch(message);
  });
});
