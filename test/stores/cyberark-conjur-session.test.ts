import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConjurRig,
  failure,
  freshValues,
  ONE,
  openConjurRig,
  revealed,
  secrets,
} from './cyberark-conjur-rig.ts';

const MINUTE = 60_000;

let rig: ConjurRig;
beforeEach(async () => {
  rig = await openConjurRig();
  await rig.emulator.seed(ONE, freshValues(ONE));
});
afterEach(() => rig.close());

const logins = (): number => rig.count('POST /authn');

describe('the access token', () => {
  it('is fetched once for many calls at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => rig.store.whoami(rig.ctx)));
    expect(logins()).toBe(1);
    expect(rig.count('GET /whoami')).toBe(20);
  });

  it('puts one listener on the signal of a rotation, however many calls wait for it', async () => {
    const { signal } = new AbortController();
    const calls = Array.from({ length: 20 }, () => rig.store.whoami({ signal }));
    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
    await Promise.all(calls);
  });

  it('is replaced after five minutes, three before it would run out', async () => {
    await rig.store.whoami(rig.ctx);
    rig.clock.advance(5 * MINUTE - 1);
    await rig.store.whoami(rig.ctx);
    expect(logins()).toBe(1);
    rig.clock.advance(1);
    await rig.store.whoami(rig.ctx);
    expect(logins()).toBe(2);
  });

  it('is replaced at 85 % of its life where it states one', async () => {
    rig.emulator.sessions.stateLifetime(100);
    await rig.store.whoami(rig.ctx);
    rig.clock.advance(84_999);
    await rig.store.whoami(rig.ctx);
    expect(logins()).toBe(1);
    rig.clock.advance(1);
    await rig.store.whoami(rig.ctx);
    expect(logins()).toBe(2);
  });

  it('is replaced when it runs out early, and a write is still carried out once', async () => {
    const before = await rig.store.read(ONE, rig.ctx);
    rig.emulator.sessions.passTime(9 * MINUTE);
    const values = freshValues(ONE);
    await rig.store.write(ONE, secrets(values), before?.version, rig.ctx);
    expect(logins()).toBe(2);
    expect(rig.emulator.effects()).toBe(1);
    expect(await rig.emulator.peek(ONE)).toEqual(values);
  });

  it('travels as quoted standard base64', async () => {
    await rig.store.whoami(rig.ctx);
    const header = rig.emulator.server.requests.at(-1)?.headers.authorization;
    expect(header).toMatch(/^Token token="[A-Za-z0-9+/]+={0,2}"$/);
  });

  it('stops waiting for a token when it is asked to, without taking it from the others', async () => {
    const stopped = failure(rig.store.whoami({ signal: AbortSignal.abort() }));
    const patient = rig.store.whoami(rig.ctx);
    expect((await stopped).code).toBe('ABORTED');
    expect((await patient).attributes['username']).toBe('host/keyturn');
    expect(logins()).toBe(1);
  });
});

describe('logging in', () => {
  it('sends a login as one path segment, and the key as the body', async () => {
    await rig.store.whoami(rig.ctx);
    const login = rig.emulator.server.requests[0];
    expect(login?.url).toBe('/authn/emulated/host%2Fkeyturn/authenticate');
    expect(login?.body).toBe(rig.emulator.sessions.apiKey());
  });

  it('says what to check when the API key was rotated', async () => {
    const store = await rig.open();
    const dead = rig.emulator.sessions.apiKey();
    rig.emulator.sessions.rotateApiKey();
    Object.assign(rig.emulator, { resolve: () => dead });
    const error = await failure(store.whoami(rig.ctx));
    expect(error.code).toBe('UNAUTHENTICATED');
    expect(error.message).toContain('host/keyturn in account emulated');
    expect(error.hint).toContain('API key');
    expect(error.message).not.toContain(dead);
  });

  it('trades a JSON Web Token for an access token', async () => {
    const auth = { method: 'jwt', serviceId: 'git lab', token: 'env:IGNORED', host: 'host/apps/ci' };
    const options = rig.emulator.options({ account: 'acme', auth });
    const store = await rig.open({ account: 'acme', auth: options['auth'] });
    const identity = await store.whoami(rig.ctx);
    expect(identity.attributes).toEqual({
      account: 'acme',
      username: 'host/apps/ci',
      address: rig.emulator.server.url,
    });
    expect(rig.emulator.server.requests[0]?.url).toBe(
      '/authn-jwt/git%20lab/acme/host%2Fapps%2Fci/authenticate',
    );
  });

  it('does not take a login page for a token', async () => {
    rig.emulator.inject?.({ kind: 'html', on: 'any' });
    expect((await failure(rig.store.whoami(rig.ctx))).code).toBe('UNAVAILABLE');
    expect(revealed(await rig.store.read(ONE, rig.ctx))).toEqual(await rig.emulator.peek(ONE));
  });

  it('cannot be used to rotate the key itself: Conjur wants the key, not a token', async () => {
    await rig.store.whoami(rig.ctx);
    const headers = { authorization: rig.emulator.server.requests.at(-1)?.headers.authorization ?? '' };
    const path = `${rig.emulator.server.url}/authn/emulated/api_key`;
    const withToken = await fetch(path, { method: 'PUT', headers });
    expect([withToken.status, await withToken.text()]).toEqual([
      401,
      expect.stringContaining('Credential strength is insufficient'),
    ]);
    const basic = Buffer.from(`host/keyturn:${rig.emulator.sessions.apiKey()}`).toString('base64');
    const withKey = await fetch(path, { method: 'PUT', headers: { authorization: `Basic ${basic}` } });
    expect([withKey.status, await withKey.text()]).toEqual([200, rig.emulator.sessions.apiKey()]);
  });
});
