import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/errors/codes.ts';
import type { IssuedKey, Issuer } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Trouble } from '../../src/issuers/postgres-role/emulated-session.ts';
import { type PostgresEmulator, startPostgresEmulator } from '../../src/issuers/postgres-role/emulator.ts';
import { plugin } from '../../src/issuers/postgres-role/index.ts';
import { scramVerifier } from '../../src/issuers/postgres-role/scram-verifier.ts';
import { createKey } from '../../src/steps/create-key.ts';
import { contextWith } from '../steps/support/step-context.ts';
import { CALL, openIssuer, refusal } from './open-issuer.ts';

let emulator: PostgresEmulator;
let old: IssuedKey;
let issuer: Issuer;
beforeEach(async () => {
  emulator = await startPostgresEmulator();
  old = await emulator.issue();
  issuer = await open();
});
afterEach(() => emulator.stop());

const open = (settings: { timeoutMs?: number; host?: string } = {}): Promise<Issuer> => {
  const { host, timeoutMs } = settings;
  const options = { ...emulator.options(), ...(host === undefined ? {} : { host }) };
  return openIssuer(plugin, options, {
    resolve: emulator.resolve,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
};
const identify = (key: IssuedKey, call = CALL) => issuer.identify?.(key.credential, call) ?? Promise.reject();
const findings = async (): Promise<string[]> =>
  (await issuer.preflight(old.credential, CALL)).map(({ severity, code }) => `${severity} ${code}`);
const label = (attempt = 0): string => `rotation-1.${attempt}`;

describe('the verifier', () => {
  it('is the one of the example in RFC 7677', async () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    expect(await scramVerifier(new Secret('pencil'), salt)).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });

  it('is all of a password that is ever sent', async () => {
    const next = await issuer.createKey(label(), CALL);
    await identify(next);
    await issuer.deactivateKey?.({ id: old.id }, CALL);
    const log = emulator.log.join('\n');
    expect(log).toContain("PASSWORD 'SCRAM-SHA-256$");
    for (const key of [old, next]) expect(log).not.toContain(key.credential['password']?.reveal());
  });
});

describe('whose turn it is', () => {
  it('is the role that cannot log in', async () => {
    expect((await issuer.createKey(label(), CALL)).id).toBe('app_b');
  });

  it('is nobody’s while both can: services may use either', async () => {
    emulator.state.add('app_b', {
      canLogin: true,
      memberOf: ['app_rw'],
      settings: ['role=app_rw'],
      sessions: 3,
    });
    expect(await findings()).toEqual(['error LIMIT_REACHED']);
    const error = await refusal(issuer.createKey(label(), CALL), 'LIMIT_REACHED');
    expect(error.message).toContain('3 sessions of it are open');
    expect(error.hint).toContain('ALTER ROLE "app_b" NOLOGIN');
    expect(emulator.effects()).toBe(0);
  });

  it('is the same role again when the answer was lost: nobody knows the password it got', async () => {
    emulator.breakNext('write', { kind: 'lost-answer' });
    await refusal(issuer.createKey(label(0), CALL), 'INDETERMINATE');
    expect(await issuer.listKeys?.(CALL)).toContainEqual({ id: 'app_b', status: 'active', label: label(0) });
    const again = await issuer.createKey(label(1), CALL);
    expect(again.id).toBe('app_b');
    await identify(again);
  });

  it('is not the same role again for another rotation', async () => {
    await issuer.createKey(label(), CALL);
    await refusal(issuer.createKey('rotation-2.0', CALL), 'LIMIT_REACHED');
  });

  it('is never the one that leaked, though that cannot log in either', async () => {
    await issuer.createKey('rotation-0.0', CALL);
    await issuer.deactivateKey?.({ id: 'app_a' }, CALL);
    await issuer.deactivateKey?.({ id: 'app_b' }, CALL);
    const made = await issuer.createKey(label(), { ...CALL, replaces: { id: 'app_a' } });
    expect(made.id).toBe('app_b');
  });
});

describe('a second turn of the same role', () => {
  it('is found again when its answer was lost, and is not left with a password that nobody knows', async () => {
    await issuer.createKey('rotation-0.0', CALL);
    await issuer.deactivateKey?.({ id: old.id }, CALL);
    const step = createKey(issuer, {
      made: 'api',
      deactivate: 'api',
      longestCreateMs: 60_000,
      confirmDone: async () => {},
      title: 'Make the new key',
    });
    const ctx = await contextWith(old.credential);
    const before = (await step.prepare?.(ctx)) as never;
    emulator.breakNext('write', { kind: 'lost-answer' });
    await expect(step.run(before, ctx)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    await step.compensate?.(before, undefined, ctx);
    expect(emulator.state.roles.get(old.id)).toMatchObject({ canLogin: false, verifier: undefined });
  });
});

describe('a login', () => {
  it('is no sign of death when the server lets nobody in from here', async () => {
    const said = { code: '28000', message: 'no pg_hba.conf entry for host', routine: 'ClientAuthentication' };
    emulator.breakNext('login', { kind: 'refusal', refusal: said, fatal: true });
    await refusal(identify(old), 'PERMISSION_DENIED');
  });

  it('proves nothing when the server did not ask for the password', async () => {
    emulator.authenticateWith('trust');
    const wrong = { ...old, credential: { ...old.credential, password: new Secret('anything at all') } };
    await refusal(identify(wrong), 'REFUSED');
  });

  it('never gives the password away in the clear', async () => {
    emulator.authenticateWith('password');
    // An address of this machine that does not look like one.
    issuer = await open({ host: '127.1' });
    await refusal(identify(old), 'REFUSED');
    expect(emulator.log).toEqual([]);
  });

  it.each<[string, Trouble, ErrorCode]>([
    ['the server is full', refused('53300', 'sorry, too many clients already'), 'UNAVAILABLE'],
    ['the server is starting', refused('57P03', 'the database system is starting up'), 'UNAVAILABLE'],
    ['the database is not there', refused('3D000', 'database "app" does not exist'), 'NOT_FOUND'],
    ['the connection is cut', { kind: 'cut' }, 'UNAVAILABLE'],
  ])('says what it is when %s', async (_what, trouble, code) => {
    emulator.breakNext('login', trouble);
    await refusal(identify(old), code);
  });

  it('is given up after its time, and when asked to', async () => {
    issuer = await open({ timeoutMs: 300 });
    emulator.breakNext('read', { kind: 'silence' });
    await refusal(identify(old), 'TIMEOUT');
    const stop = new AbortController();
    emulator.breakNext('login', { kind: 'silence' });
    const waiting = identify(old, { signal: stop.signal });
    stop.abort();
    await refusal(waiting, 'ABORTED');
  });
});

describe('a change', () => {
  const create = () => issuer.createKey(label(), CALL);

  it.each<[string, Trouble, ErrorCode]>([
    ['others change roles at the same time', said('XX000', 'tuple concurrently updated'), 'UNAVAILABLE'],
    ['keyturn may not', said('42501', 'permission denied to alter role'), 'PERMISSION_DENIED'],
    ['the server takes no verifier', said('22023', 'hashed passwords are not allowed'), 'REFUSED'],
    ['the server dies of it', refused('53100', 'could not write to log file'), 'INDETERMINATE'],
    ['the server breaks off', refused('57P01', 'terminating connection'), 'INDETERMINATE'],
    ['the connection is cut', { kind: 'cut' }, 'INDETERMINATE'],
  ])('says what it is when %s, and has made no key', async (_what, trouble, code) => {
    emulator.breakNext('write', trouble);
    await refusal(create(), code);
    expect(emulator.effects()).toBe(0);
    expect(await emulator.keys()).toEqual([{ id: 'app_a', active: true }]);
  });

  it('is never made on a standby', async () => {
    emulator.state.server.standby = true;
    expect(await findings()).toEqual(['error REFUSED']);
    await refusal(create(), 'REFUSED');
  });

  it('is refused to the role that keyturn logs in as, and to roles of nobody’s', async () => {
    for (const id of ['keyturn', 'postgres'])
      await refusal(issuer.deactivateKey?.({ id }, CALL) ?? Promise.resolve(), 'REFUSED');
  });
});

describe('preflight', () => {
  it('wants ADMIN OPTION from PostgreSQL 16 on, and not before', async () => {
    for (const name of ['app_a', 'app_b'])
      Object.assign(emulator.state.roles.get(name) ?? {}, { adminOption: false });
    expect(await findings()).toEqual(['error PERMISSION_DENIED', 'error PERMISSION_DENIED']);
    emulator.state.server.version = 150_018;
    expect(await findings()).toEqual([]);
  });

  it('names the role that is not there', async () => {
    emulator.state.roles.delete('app_b');
    expect(await findings()).toEqual(['error NOT_FOUND']);
  });

  it('says that new tables would belong to one of the two', async () => {
    Object.assign(emulator.state.roles.get('app_b') ?? {}, { settings: [] });
    expect(await findings()).toEqual(['warning DRIFT', 'warning DRIFT']);
  });

  it('reports a refused admin as a finding', async () => {
    emulator.state.roles.delete('keyturn');
    expect(await findings()).toEqual(['error UNAUTHENTICATED']);
  });
});

function said(code: string, message: string): Trouble {
  return { kind: 'refusal', refusal: { code, message } };
}

function refused(code: string, message: string): Trouble {
  return { kind: 'refusal', refusal: { code, message }, fatal: true };
}
