import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { createInstallationToken } from '../../src/lib/github/installation-token.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { failure } from '../support/failure.ts';

const MINUTE = 60_000;
const { signal } = new AbortController();
const value = (): string => randomBytes(12).toString('hex');

/** A token at a server that gives these answers in turn; the last one for ever. */
function tokenFrom(...answers: (Partial<HttpAnswer> & { readonly told?: unknown })[]) {
  const clock = virtualClock(Date.parse('2030-01-01T00:00:00Z'));
  let asked = 0;
  const token = createInstallationToken({
    http: {
      send: async () => {
        const { told = {}, ...over } = answers[Math.min(asked, answers.length - 1)] ?? {};
        asked += 1;
        return { status: 201, headers: {}, body: JSON.stringify(told), ...over };
      },
      close: () => {},
    },
    name: 'github',
    clock,
    installationId: '4711',
    jwt: async () => new Secret(value()),
  });
  return { token, clock, asked: () => asked };
}

describe('the token of an installation', () => {
  const times = { expires_at: '2031-01-01T01:00:00Z' };
  const date = { date: 'Wed, 01 Jan 2031 00:00:00 GMT' };

  it('is used until shortly before its end, by the clock of the server', async () => {
    const { token, clock, asked } = tokenFrom({ told: { token: value(), ...times }, headers: date });
    await token.current(signal);
    clock.advance(54 * MINUTE);
    await token.current(signal);
    expect(asked()).toBe(1);
    clock.advance(2 * MINUTE);
    await token.current(signal);
    expect(asked()).toBe(2);
  });

  it.each([
    ['its end', { told: { token: value() }, headers: date }],
    ['its own time', { told: { token: value(), ...times } }],
  ])('lives as long as is documented where the server does not tell %s', async (_what, answer) => {
    const { token, clock } = tokenFrom(answer);
    const { renewAt, permissions } = await token.current(signal);
    expect([renewAt - clock.now(), permissions]).toEqual([55 * MINUTE, {}]);
  });

  it('that was refused is replaced once, however many requests say so', async () => {
    const { token, asked } = tokenFrom({ told: { token: value() } }, { told: { token: value() } });
    const first = await token.current(signal);
    token.renew(first.token);
    const second = await token.current(signal);
    token.renew(first.token);
    expect(await token.current(signal)).toBe(second);
    expect(asked()).toBe(2);
  });

  it.each([[{}], [{ token: '' }], [{ token: 7 }], [null], [[]]])('is none in %j', async (told) => {
    expect((await failure(tokenFrom({ told }).token.current(signal))).code).toBe('UNAVAILABLE');
  });

  it.each([
    [401, 'UNAUTHENTICATED'],
    [404, 'NOT_FOUND'],
  ])('that is not given (%d) may be for a wrong id, key or clock', async (status, code) => {
    const told = { message: 'no', documentation_url: 'https://docs.github.com/rest' };
    const refused = tokenFrom({ status, told }).token.current(signal);
    const error = await failure(refused);
    expect([error.code, error.hint]).toEqual([code, expect.stringContaining('clock is right')]);
  });

  it('that is not given for another reason keeps that one, and is asked for again', async () => {
    const { token } = tokenFrom({ status: 503, told: { message: 'later' } }, { told: { token: value() } });
    const error = await failure(token.current(signal));
    expect([error.code, error.hint.includes('clock is right')]).toEqual(['UNAVAILABLE', false]);
    await token.current(signal);
  });
});
