import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IssuedKey, Issuer } from '../../src/core/plugins/issuer.ts';
import { type AppRoleEmulator, startAppRoleEmulator } from '../../src/issuers/vault-approle/emulator.ts';
import { plugin } from '../../src/issuers/vault-approle/index.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { CALL, openIssuer, refusal } from './open-issuer.ts';

const HOUR = 3_600_000;
const clock = virtualClock(Date.now());

let emulator: AppRoleEmulator;
let old: IssuedKey;
let issuer: Issuer;
beforeEach(async () => {
  emulator = await startAppRoleEmulator(() => clock.now());
  old = await emulator.issue();
  issuer = await open();
});
afterEach(async () => {
  await issuer.close?.();
  await emulator.stop();
});

const open = (options: Record<string, unknown> = {}): Promise<Issuer> =>
  openIssuer(plugin, { ...emulator.options(), ...options }, { resolve: emulator.resolve, clock });
const identify = (key: IssuedKey) => issuer.identify?.(key.credential, CALL) ?? Promise.reject();
const deactivate = (...args: Parameters<NonNullable<Issuer['deactivateKey']>>) =>
  issuer.deactivateKey?.(...args) ?? Promise.reject();
const findings = async (): Promise<string[]> =>
  (await issuer.preflight(old.credential, CALL)).map(({ severity, code }) => `${severity} ${code}`);
const sent = (place: string) =>
  emulator.server.requests.filter(({ path }) => path.endsWith(place)).map(({ body }) => JSON.parse(body));

describe('a secret id', () => {
  it('carries the rotation in its metadata, and what the options ask for', async () => {
    issuer = await open({ ttlSeconds: 3600, cidrs: ['10.1.0.0/16'] });
    await issuer.createKey('keyturn-1', CALL);
    const metadata = JSON.stringify({ keyturn: 'keyturn-1' });
    expect(sent('/secret-id')).toEqual([{ metadata, ttl: '3600s', cidr_list: ['10.1.0.0/16'] }]);
  });

  it('is tried without a login: no token is made, and no use is spent', async () => {
    await identify(old);
    expect(emulator.server.requests.filter(({ path }) => path.endsWith('/login'))).toEqual([]);
  });

  it('is dead when its time is over', async () => {
    issuer = await open({ ttlSeconds: 60 });
    const next = await issuer.createKey('keyturn-1', CALL);
    await identify(next);
    clock.advance(HOUR);
    await refusal(identify(next), 'UNAUTHENTICATED');
    expect((await issuer.listKeys?.(CALL))?.map(({ id }) => id)).toEqual([old.id]);
  });

  it('that somebody else made is never taken for one of ours', async () => {
    expect(await issuer.listKeys?.(CALL)).toEqual([expect.objectContaining({ id: old.id, label: '' })]);
  });

  it('known by its value alone is destroyed by the accessor that Vault tells', async () => {
    const material = async () => old.credential;
    await deactivate({ id: 'fp:0123456789ab', material }, CALL);
    expect(sent('/secret-id-accessor/destroy')).toEqual([{ secret_id_accessor: old.id }]);
    await deactivate({ id: 'fp:0123456789ab', material }, CALL);
    expect(sent('/secret-id-accessor/destroy')).toHaveLength(1);
  });
});

describe('a role that is not there', () => {
  it('is told as that, whatever status Vault gives it', async () => {
    issuer = await open({ role: 'another' });
    await refusal(issuer.createKey('keyturn-1', CALL), 'NOT_FOUND');
    await refusal(identify(old), 'NOT_FOUND');
    await refusal(deactivate({ id: old.id }, CALL), 'NOT_FOUND');
    expect(await findings()).toContain('error NOT_FOUND');
  });
});

describe('preflight', () => {
  const home = 'auth/approle/role/shop';
  const whole = {
    [`${home}/secret-id`]: ['update', 'list'],
    [`${home}/secret-id/lookup`]: ['update'],
    [`${home}/secret-id-accessor/lookup`]: ['update'],
    [`${home}/secret-id-accessor/destroy`]: ['update'],
  };

  it('needs no more than the notes say, and misses each that is left out', async () => {
    emulator.state.policy = whole;
    expect(await findings()).toEqual([]);
    for (const path of Object.keys(whole)) {
      emulator.state.policy = { ...whole, [path]: [] };
      expect(await findings(), path).toContain('error PERMISSION_DENIED');
    }
  });

  it('sees a role that wants no secret id', async () => {
    emulator.role.settings.bindSecretId = false;
    expect(await findings()).toEqual(['error REFUSED']);
  });

  it('warns of secret ids that end by themselves, after a time or a number of logins', async () => {
    Object.assign(emulator.role.settings, { secretIdTtl: 600, secretIdUses: 10 });
    expect(await findings()).toEqual(['warning LIMIT_REACHED', 'warning LIMIT_REACHED']);
  });

  it('warns of a secret id that is dead already', async () => {
    await deactivate({ id: old.id }, CALL);
    expect(await findings()).toEqual(['warning UNAUTHENTICATED']);
  });

  it('says that the server is sealed, and nothing else', async () => {
    emulator.state.sealed = true;
    expect(await findings()).toEqual(['error UNAVAILABLE']);
  });
});
