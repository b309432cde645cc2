import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { StorePlugin } from '../../src/core/plugins/plugin.ts';
import { type Slot, type Store, WHOLE } from '../../src/core/plugins/store.ts';
import { type CommandStoreEmulator, startCommandStoreEmulator } from '../../src/stores/command/emulator.ts';
import { plugin as command } from '../../src/stores/command/index.ts';
import { type HttpStoreEmulator, startHttpStoreEmulator } from '../../src/stores/http/emulator.ts';
import { ALL_TOGETHER, emulatorOptions } from '../../src/stores/http/emulator-options.ts';
import { plugin as http } from '../../src/stores/http/index.ts';
import { openStore, restorationOf } from './support/open-store.ts';
import { secretsOf, writing } from './support/writes.ts';

/** What a config can say of a system that shows no values. */

const OLD = { user: 'old-user', key: 'old-key' };
const NEW = { user: 'new-user', key: 'new-key' };

async function problems(plugin: StorePlugin, options: JsonObject): Promise<string> {
  const { error } = (await plugin.options()).safeParse(options);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n');
}

describe('an HTTP API that shows no values', () => {
  let emulator: HttpStoreEmulator;
  let slot: Slot;
  beforeEach(async () => {
    emulator = await startHttpStoreEmulator();
    slot = await emulator.seed({ ref: 'apps/shop', fields: ['user', 'key'] }, OLD);
  });
  afterEach(() => emulator.stop());

  const open = (over: object = {}): Promise<Store> => {
    const traits = { ...ALL_TOGETHER, restores: false, tellsVersion: false, writeOnly: true, ...over };
    const address = String(emulator.options()['address']);
    return openStore(http, emulatorOptions(address, 'env:SECRET_SERVICE_TOKEN', traits), emulator.resolve);
  };
  const blind = {
    address: 'https://a.example',
    writeOnly: true,
    read: { method: 'GET', path: '/{{ref | path}}/{{field | url}}' },
    write: { method: 'PUT', path: '/{{ref | path}}/{{field | url}}', body: { value: '{{value}}' } },
  };

  it.each([true, false])('is written, each field by itself: %s', async (each) => {
    const store = await open({ each });
    const before = await store.read(slot, writing());
    expect(before?.fields).toEqual({});
    await store.write(slot, secretsOf(NEW), before?.version, writing());
    expect(await emulator.peek(slot)).toEqual(NEW);
    expect((await store.read(slot, writing()))?.version).not.toBe(before?.version);
  });

  it('is proved by a time or a version, and without one by nothing', async () => {
    const offers = async (over: object) => (await open(over)).preflight(slot, writing());
    expect(await offers({})).toMatchObject({ readable: false, evidence: 'timestamp', restore: 'value' });
    const silent = await offers({ tellsTime: false });
    expect(silent).toMatchObject({ readable: false, evidence: 'none', restore: 'value' });
    expect(await offers({ restores: true })).toMatchObject({ evidence: 'timestamp', restore: 'version' });
  });

  it.each([true, false])('tells which fields are not there, each by itself: %s', async (each) => {
    const wanted = { ...slot, fields: ['user', 'kye'] };
    const { findings } = await (await open({ each })).preflight(wanted, writing());
    expect(findings).toEqual([
      expect.objectContaining({ severity: 'error', code: 'NOT_FOUND', message: 'there is no kye in it' }),
    ]);
  });

  it('is not written where it is not there: keyturn makes no slot', async () => {
    const absent = { ...slot, ref: 'apps/absent' };
    const attempt = (await open()).write(absent, secretsOf(NEW), undefined, writing());
    await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(emulator.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('is told the version that is live, whatever was live before: a second try is not refused', async () => {
    const store = await open({ tellsVersion: true });
    const before = await store.read(slot, writing());
    await store.write(slot, secretsOf(NEW), before?.version, writing());
    await store.write(slot, secretsOf(NEW), before?.version, writing());
    const writes = emulator.requests.filter(({ method }) => method === 'PATCH');
    expect(writes.map(({ headers }) => headers['if-match'])).toEqual(['"1"', '"2"']);
  });

  it('gets no old value back that is not known', async () => {
    const store = await open();
    const pushed = secretsOf(NEW);
    await store.write(slot, pushed, undefined, writing());
    const attempt = store.restore(slot, restorationOf({ pushed }), writing());
    await expect(attempt).rejects.toMatchObject({
      code: 'REFUSED',
      hint: expect.stringContaining('by hand'),
    });
    await store.restore(slot, restorationOf({ pushed, values: secretsOf(OLD) }), writing());
    expect(await emulator.peek(slot)).toEqual(OLD);
  });

  it('is given the old values where the old version is no more', async () => {
    const store = await open({ restores: true, tellsVersion: true });
    const pushed = secretsOf(NEW);
    const { version } = await store.write(slot, pushed, undefined, writing());
    const back = { before: '"99"', receipt: { version }, pushed };
    const blind = store.restore(slot, restorationOf(back), writing());
    await expect(blind).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await store.restore(slot, restorationOf({ ...back, values: secretsOf(OLD) }), writing());
    expect(await emulator.peek(slot)).toEqual(OLD);
  });

  it('can be one value a slot', async () => {
    const whole = await emulator.seed({ ref: 'x', fields: [WHOLE] }, { [WHOLE]: 'old' });
    const store = await open({ named: false });
    await store.write(whole, secretsOf({ [WHOLE]: 'new' }), undefined, writing());
    expect(await emulator.peek(whole)).toEqual({ [WHOLE]: 'new' });
  });

  it('is rehearsed as it is configured: what proves nothing there proves nothing here', async () => {
    for (const [more, evidence] of [[{}, 'none'] as const, [{ updatedAt: 'at' }, 'timestamp'] as const]) {
      const options = emulator.options({ ...blind, read: { ...blind.read, ...more } });
      const store = await openStore(http, options, emulator.resolve);
      expect(await store.preflight(slot, writing())).toMatchObject({ readable: false, evidence });
    }
  });

  it('is described without a value to read', async () => {
    expect(await problems(http, blind)).toBe('');
    const reading = (read: JsonObject) => problems(http, { ...blind, read: { ...blind.read, ...read } });
    expect(await reading({ value: 'v' })).toMatch(/^read.value: is shown to nobody/);
    expect(await reading({ fields: 'f' })).toMatch(/^read.fields: tells the names/);
    const whole = { method: 'PUT', path: '/{{ref | path}}', body: '{{value}}' };
    expect(await problems(http, { ...blind, write: whole })).toMatch(/^read: names a {{field}}/);
  });
});

describe('a program that shows no values', () => {
  let emulator: CommandStoreEmulator;
  let slot: Slot;
  beforeEach(async () => {
    emulator = await startCommandStoreEmulator();
    slot = await emulator.seed({ ref: 'apps/shop', fields: ['user', 'key'] }, OLD);
  });
  afterEach(() => emulator.stop());

  const open = (over: JsonObject = {}): Promise<Store> =>
    openStore(command, { ...emulator.writeOnly?.emulator.options(), ...over }, emulator.resolve);
  /** A store whose program answers each question with this. */
  const thatAnswers = (answer: JsonObject): Promise<Store> => {
    const script = `process.stdout.write(${JSON.stringify(JSON.stringify(answer))})`;
    return open({ command: [process.execPath, '-e', script], actions: ['read', 'write'] });
  };

  it('is given the values, and asked for none', async () => {
    const store = await open();
    await store.write(slot, secretsOf(NEW), undefined, writing());
    expect(await emulator.peek(slot)).toEqual(NEW);
    expect((await store.read(slot, writing()))?.fields).toEqual({});
  });

  it('says what is there as far as it can', async () => {
    const report = async (answer: JsonObject) => (await thatAnswers(answer)).preflight(slot, writing());
    expect(await report({})).toMatchObject({ findings: [], readable: false, evidence: 'none' });
    expect(await report({ updatedAt: '2030-01-31T12:00:00Z' })).toMatchObject({ evidence: 'timestamp' });
    const { findings } = await report({ fields: ['user'], version: 7 });
    expect(findings).toEqual([expect.objectContaining({ message: 'there is no key in it' })]);
    await expect(report({ fields: 'user' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('no list of names'),
    });
  });

  it('does not show what it should not have printed', async () => {
    const store = await thatAnswers({ fields: OLD });
    expect(await store.read(slot, writing())).toEqual({ fields: {}, version: undefined });
  });

  it('cannot compare and set: after a crash the same value is written again', async () => {
    const options = { command: ['./x'], actions: ['read', 'write'], writeOnly: true };
    expect(await problems(command, options)).toBe('');
    const both = await problems(command, { ...options, compareAndSet: true });
    expect(both).toMatch(/^compareAndSet: is not for `writeOnly`/);
  });
});
