import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { optionsSchema } from '../../src/stores/jenkins/options.ts';
import { failure } from '../support/failure.ts';
import { freshValue, type JenkinsRig, openJenkinsRig, slotOf } from './jenkins-rig.ts';
import { secretsOf } from './support/writes.ts';

let rig: JenkinsRig;
beforeEach(async () => {
  rig = await openJenkinsRig();
  rig.have('system/_/npm', 'text', { secret: freshValue() });
});
afterEach(() => rig.close());

const SLOT = slotOf('system/_/npm', 'secret');
const PASSWORD = { auth: { method: 'password', user: 'alice' } };
const crumbs = (): number => rig.requests().filter((request) => request.includes('crumbIssuer')).length;

describe('an API token', () => {
  it('needs no crumb, and none is asked for', async () => {
    await rig.store.write(SLOT, secretsOf({ secret: freshValue() }), undefined, rig.ctx);
    expect(crumbs()).toBe(0);
  });
});

describe('a password', () => {
  it('is used with one crumb, and the session it belongs to', async () => {
    const store = await rig.open(PASSWORD);
    const values = [freshValue(), freshValue()];
    for (const secret of values) await store.write(SLOT, secretsOf({ secret }), undefined, rig.ctx);
    expect(rig.held('system/_/npm', 'secret')).toBe(values[1]);
    expect(crumbs()).toBe(1);
  });

  it('gets a new crumb when the session has ended', async () => {
    const store = await rig.open(PASSWORD);
    await store.write(SLOT, secretsOf({ secret: freshValue() }), undefined, rig.ctx);
    rig.emulator.controller.endSessions();
    const secret = freshValue();
    await store.write(SLOT, secretsOf({ secret }), undefined, rig.ctx);
    expect(rig.held('system/_/npm', 'secret')).toBe(secret);
    expect(crumbs()).toBe(2);
  });

  it('works where crumbs are switched off', async () => {
    rig.emulator.controller.withoutCrumbs();
    const store = await rig.open(PASSWORD);
    const secret = freshValue();
    await store.write(SLOT, secretsOf({ secret }), undefined, rig.ctx);
    expect(rig.held('system/_/npm', 'secret')).toBe(secret);
  });

  it('is told apart from a crumb that is refused again and again', async () => {
    const store = await rig.open(PASSWORD);
    rig.emulator.server.onWrite(() => rig.emulator.controller.endSessions());
    const error = await failure(store.write(SLOT, secretsOf({ secret: freshValue() }), undefined, rig.ctx));
    expect(error.code).toBe('PERMISSION_DENIED');
    expect(error.message).toContain('crumb');
  });
});

describe('the identity', () => {
  it('is who Jenkins takes us for, and where', async () => {
    const store = await rig.open({ auth: { method: 'api-token', user: 'alice' } });
    const { attributes } = await store.whoami(rig.ctx);
    expect(attributes).toEqual({ user: 'alice', address: `${rig.emulator.server.url}/jenkins` });
  });
});

describe('an address', () => {
  const problems = (extra: object): string => {
    const auth = { method: 'api-token', user: 'a', token: 'env:T' };
    return optionsSchema.safeParse({ auth, ...extra }).error?.message ?? '';
  };

  it('is https, unless it is this machine or the config says otherwise', () => {
    expect(problems({ address: 'http://ci.example.com' })).toContain('must be https');
    expect(problems({ address: 'http://ci.example.com', allowInsecure: true })).toBe('');
    expect(problems({ address: 'http://127.0.0.1:8080/jenkins' })).toBe('');
    expect(problems({ address: 'https://ci.example.com/jenkins/?a=1' })).toContain('query');
    expect(problems({ address: 'https://me@ci.example.com/' })).toContain('user name');
  });
});
