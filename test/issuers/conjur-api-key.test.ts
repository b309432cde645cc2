import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IssuedKey, Issuer } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { type ConjurKeyEmulator, startConjurKeyEmulator } from '../../src/issuers/conjur-api-key/emulator.ts';
import { plugin } from '../../src/issuers/conjur-api-key/index.ts';
import { createKeyApi } from '../../src/issuers/conjur-api-key/key-api.ts';
import { roleOf } from '../../src/issuers/conjur-api-key/role.ts';
import { CALL, openIssuer, refusal, refusalOf } from './open-issuer.ts';

let emulator: ConjurKeyEmulator;
let old: IssuedKey;
let issuer: Issuer;
beforeEach(async () => {
  emulator = await startConjurKeyEmulator();
  old = await emulator.issue();
  issuer = await open();
});
afterEach(async () => {
  await issuer.close?.();
  await emulator.stop();
});

const open = (original: Parameters<ConjurKeyEmulator['options']>[0] = {}): Promise<Issuer> =>
  openIssuer(plugin, emulator.options(original), { resolve: emulator.resolve });
const identify = (key: IssuedKey) => issuer.identify?.(key.credential, CALL) ?? Promise.reject();
const create = () => issuer.createKey('keyturn-1', CALL);
const findings = async () => {
  const found = await issuer.preflight(old.credential, CALL);
  return found.map(({ severity, code }) => `${severity} ${code}`);
};

describe('a rotated key', () => {
  it('acts as the same role, and the one before is dead at once', async () => {
    const before = await identify(old);
    const next = await create();
    expect(await identify(next)).toEqual(before);
    expect(before?.id).toBe('emulated:host:apps/shop');
    await refusal(identify(old), 'UNAUTHENTICATED');
  });

  it('is claimed nowhere to live beside the old one', () => {
    expect(plugin.capabilities).toMatchObject({ overlap: false, deactivate: 'none', reversible: false });
    expect(issuer.overlap).toBe(false);
    expect(issuer.deactivateKey).toBeUndefined();
  });

  it('can be of a user as well, by somebody with a token of their own', async () => {
    issuer = await open({ role: 'user:alice', auth: { method: 'jwt', serviceId: 'gitlab' } });
    expect((await identify(await create()))?.id).toBe('emulated:user:alice');
  });

  it('is refused by somebody who may not, or a node that takes no writes, and the old one lives', async () => {
    emulator.privileges.delete('update');
    expect((await refusal(create(), 'PERMISSION_DENIED')).message).toContain('`update` on host:apps/shop');
    emulator.privileges.clear();
    await refusal(create(), 'NOT_FOUND');
    emulator.privileges.add('update');
    emulator.makeReadOnly();
    expect((await refusal(create(), 'REFUSED')).hint).toContain('leader');
    expect(await emulator.isLive(old.credential)).toBe(true);
  });

  it.each([
    [405, 'REFUSED', 'annotation `authn/api-key: true`'],
    [401, 'UNAUTHENTICATED', 'grant it `read` and `update`'],
  ] as const)('that is refused with %i says what may be missing', async (status, code, hint) => {
    void emulator.inject?.({ kind: 'status', status, on: 'write', times: 2 });
    expect((await refusal(create(), code)).hint).toContain(hint);
    expect(await emulator.isLive(old.credential)).toBe(true);
  });

  it('is never keyturn’s own', async () => {
    issuer = await open({ role: 'host:keyturn', auth: { method: 'api-key', login: 'host/keyturn' } });
    expect(await findings()).toContain('error REFUSED');
    await refusal(create(), 'REFUSED');
    expect(emulator.effects()).toBe(0);
  });
});

describe('preflight', () => {
  it('says that there is no overlap, and stops nobody who may', async () => {
    expect(await findings()).toEqual(['warning REFUSED']);
  });

  it('stops somebody who may not', async () => {
    emulator.privileges.delete('update');
    expect(await findings()).toEqual(['warning REFUSED', 'error PERMISSION_DENIED']);
  });

  it('warns of a key that is dead already', async () => {
    await emulator.issue();
    expect(await findings()).toEqual(['warning REFUSED', 'warning UNAUTHENTICATED']);
  });
});

it('a page in place of an answer is no sign of death', async () => {
  void emulator.inject?.({ kind: 'html', on: 'read' });
  await refusal(identify(old), 'UNAVAILABLE');
});

it.each(['{"message":"Unauthorized"}', 'Unauthorized', '"no"', '<html>Log in</html>'])(
  'a 401 with %s is of a gateway, and no sign of death',
  async (body) => {
    const http = { send: async () => ({ status: 401, headers: {}, body }), close: () => {} };
    const client = { send: http.send };
    const keys = createKeyApi({
      http,
      client,
      subject: 'conjur',
      account: 'acme',
      role: roleOf('host:shop'),
    });
    const { value = new Secret('none') } = old.credential;
    await refusal(keys.tryKey(value, CALL.signal), 'UNAVAILABLE');
  },
);

it('a password is not taken for an API key', async () => {
  const password = new Secret(`Aa1!${randomBytes(24).toString('base64')}`);
  await refusalOf(() => issuer.validate({ value: password }), 'REFUSED');
});
