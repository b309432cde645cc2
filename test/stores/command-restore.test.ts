import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store } from '../../src/core/plugins/store.ts';
import { type CommandStoreEmulator, startCommandStoreEmulator } from '../../src/stores/command/emulator.ts';
import { plugin } from '../../src/stores/command/index.ts';
import { openStore, restorationOf } from './support/open-store.ts';
import { secretsOf, writing } from './support/writes.ts';

let emulator: CommandStoreEmulator;
let slot: Slot;
beforeEach(async () => {
  emulator = await startCommandStoreEmulator();
  slot = await emulator.seed({ ref: 'apps/shop', fields: ['user', 'key'] }, { user: 'me', key: 'old-key' });
});
afterEach(() => emulator.stop());

const open = (options: JsonObject = {}): Promise<Store> =>
  openStore(plugin, { ...emulator.options(), ...options }, emulator.resolve);

const NEW = secretsOf({ user: 'me', key: 'new-key' });
const questions = () => emulator.runs().map(({ question }) => question['action']);

describe('taking a push back', () => {
  const pushed = async (store: Store) => {
    const before = await store.read(slot, writing());
    const receipt = await store.write(slot, NEW, before?.version, writing());
    return { before: before?.version, values: before?.fields, receipt, pushed: NEW };
  };

  it('without `restore` writes the old values, and only over what was pushed', async () => {
    const store = await open({ actions: ['read', 'write'] });
    const done = await pushed(store);
    expect((await store.preflight(slot, writing())).restore).toBe('value');
    await store.restore(slot, done, writing());
    expect(await emulator.peek(slot)).toEqual({ user: 'me', key: 'old-key' });
    await emulator.overwrite(slot, { key: 'theirs' });
    await expect(store.restore(slot, done, writing())).rejects.toMatchObject({ code: 'DRIFT' });
    expect(new Set(questions())).toEqual(new Set(['read', 'write']));
  });

  it('with `restore` needs no value, and tells which version has to be live', async () => {
    const store = await open();
    const done = await pushed(store);
    await store.restore(slot, { ...done, values: undefined }, writing());
    expect(await emulator.peek(slot)).toEqual({ user: 'me', key: 'old-key' });
    expect(emulator.runs().at(-1)?.question).toMatchObject({ action: 'restore', before: '1', expected: '2' });
  });

  it('with `restore` brings no version back over what others wrote beside it', async () => {
    const store = await open();
    const done = await pushed(store);
    await emulator.overwrite({ ...slot, fields: ['beside'] }, { beside: 'new' });
    const blind = store.restore(slot, { ...done, values: undefined }, writing());
    await expect(blind).rejects.toMatchObject({ code: 'CONFLICT' });
    await store.restore(slot, done, writing());
    expect(await emulator.peek({ ...slot, fields: ['key', 'beside'] })).toEqual({
      key: 'old-key',
      beside: 'new',
    });
  });

  it('with `restore` writes the old values where the old version is no more', async () => {
    const store = await open();
    const done = await pushed(store);
    emulator.trouble('restore', { before: true, exit: 11 });
    await store.restore(slot, done, writing());
    expect(await emulator.peek(slot)).toEqual({ user: 'me', key: 'old-key' });
    expect(questions().slice(-2)).toEqual(['restore', 'write']);
  });

  it('with `restore` says so where neither the old version nor the old values are known', async () => {
    const store = await open();
    const done = await pushed(store);
    emulator.trouble('restore', { before: true, exit: 11 });
    const blind = store.restore(slot, { ...done, values: undefined }, writing());
    await expect(blind).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await emulator.peek(slot)).toEqual({ user: 'me', key: 'new-key' });
  });

  it('does nothing where the write never happened', async () => {
    const store = await open();
    const values = secretsOf({ user: 'me', key: 'old-key' });
    await store.restore(slot, restorationOf({ values, pushed: NEW }), writing());
    expect(emulator.effects()).toBe(0);
  });

  it('empties nothing whose old value is not known', async () => {
    const store = await open();
    await emulator.overwrite(slot, { key: 'new-key' });
    const values = secretsOf({ user: 'me' });
    const attempt = store.restore(slot, restorationOf({ values, pushed: NEW }), writing());
    await expect(attempt).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('no value is known for key'),
    });
    expect(emulator.effects()).toBe(0);
  });

  it('calls a slot that is gone drift', async () => {
    const store = await open();
    const attempt = store.restore({ ...slot, ref: 'absent' }, restorationOf({ pushed: NEW }), writing());
    await expect(attempt).rejects.toMatchObject({ code: 'DRIFT' });
  });
});
