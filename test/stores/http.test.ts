import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { type Slot, type Store, WHOLE } from '../../src/core/plugins/store.ts';
import { type HttpStoreEmulator, startHttpStoreEmulator } from '../../src/stores/http/emulator.ts';
import {
  ALL_TOGETHER,
  type EmulatedTraits,
  emulatorOptions,
} from '../../src/stores/http/emulator-options.ts';
import { plugin } from '../../src/stores/http/index.ts';
import { openStore } from './support/open-store.ts';
import { secretsOf, writing } from './support/writes.ts';

let emulator: HttpStoreEmulator;
let slot: Slot;
beforeEach(async () => {
  emulator = await startHttpStoreEmulator();
  slot = await emulator.seed(
    { ref: 'apps/shop', fields: ['user', 'key'] },
    { user: 'old-user', key: 'old-key' },
  );
});
afterEach(() => emulator.stop());

const traits = (changed: Partial<EmulatedTraits>): JsonObject =>
  emulatorOptions(String(emulator.options()['address']), 'env:SECRET_SERVICE_TOKEN', {
    ...ALL_TOGETHER,
    ...changed,
  });
const open = (changed: Partial<EmulatedTraits> = {}): Promise<Store> =>
  openStore(plugin, traits(changed), emulator.resolve);

const OLD = { user: 'old-user', key: 'old-key' };
const NEW = { user: 'new-user', key: 'new-key' };
const sent = (): readonly string[] => emulator.requests.map(({ method, url }) => `${method} ${url}`);

const pushed = async (store: Store, own = slot, next: Record<string, string> = NEW) => {
  const before = await store.read(own, writing());
  const receipt = await store.write(own, secretsOf(next), before?.version, writing());
  return { before: before?.version, values: before?.fields, receipt, pushed: secretsOf(next) };
};

describe('an API with one document for a slot', () => {
  it('is asked once, and told which version the write is based on', async () => {
    const store = await open();
    await pushed(store);
    expect(await emulator.peek(slot)).toEqual(NEW);
    expect(sent()).toEqual(['GET /v1/secrets/apps%2Fshop', 'PATCH /v1/secrets/apps%2Fshop']);
    const [, write] = emulator.requests;
    expect(write?.headers['if-match']).toBe('"1"');
    expect(JSON.parse(write?.body ?? '')).toEqual({ values: NEW });
  });

  it('is asked for its version where the caller knows none', async () => {
    await (await open()).write(slot, secretsOf(NEW), undefined, writing());
    expect(emulator.requests.at(-1)?.headers['if-match']).toBe('"1"');
  });

  it('is brought back by a version of its own, with no value in the request', async () => {
    const store = await open();
    const done = await pushed(store);
    await store.restore(slot, { ...done, values: undefined }, writing());
    expect(await emulator.peek(slot)).toEqual(OLD);
    expect(sent().at(-1)).toBe('POST /v1/secrets/apps%2Fshop/versions/%221%22/restore');
    expect(emulator.requests.at(-1)?.body).toBe('');
  });

  it('gets its old values where others have written beside them since', async () => {
    const store = await open();
    const done = await pushed(store);
    await emulator.overwrite({ ...slot, fields: ['beside'] }, { beside: 'new' });
    await store.restore(slot, done, writing());
    expect(await emulator.peek({ ...slot, fields: ['key', 'beside'] })).toEqual({
      key: 'old-key',
      beside: 'new',
    });
  });

  it('without versions is looked at right before the write', async () => {
    const store = await open({ tellsVersion: false, restores: false });
    const report = await store.preflight(slot, writing());
    expect([report.cas, report.restore]).toEqual([false, 'value']);
    const before = await store.read(slot, writing());
    await emulator.overwrite(slot, { key: 'theirs' });
    const attempt = store.write(slot, secretsOf(NEW), before?.version, writing());
    await expect(attempt).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await emulator.peek(slot)).toEqual({ user: 'old-user', key: 'theirs' });
  });
});

describe('an API with a resource for each field', () => {
  const each = { each: true };

  it('is asked for each of them, with a version of its own', async () => {
    await emulator.overwrite(slot, { key: 'old-key' });
    await pushed(await open(each));
    expect(sent()).toEqual([
      'GET /v1/secrets/apps%2Fshop/fields/user',
      'GET /v1/secrets/apps%2Fshop/fields/key',
      // A pair cannot be refused as one, so there is a look before it.
      'GET /v1/secrets/apps%2Fshop/fields/user',
      'GET /v1/secrets/apps%2Fshop/fields/key',
      'PUT /v1/secrets/apps%2Fshop/fields/user',
      'PUT /v1/secrets/apps%2Fshop/fields/key',
    ]);
    expect(emulator.requests.slice(-2).map(({ headers }) => headers['if-match'])).toEqual(['"1"', '"2"']);
  });

  it('that has one of the new values already gets the other one, based on the same old version', async () => {
    const store = await open(each);
    const before = await store.read(slot, writing());
    await store.write({ ...slot, fields: ['user'] }, secretsOf(NEW), undefined, writing());
    await store.write(slot, secretsOf(NEW), before?.version, writing());
    expect(await emulator.peek(slot)).toEqual(NEW);
    expect(sent().filter((line) => line === 'PUT /v1/secrets/apps%2Fshop/fields/user')).toHaveLength(1);
  });

  it('that refuses the second field has half a pair: INDETERMINATE, whatever it says', async () => {
    const store = await open(each);
    const absent = { ...slot, fields: ['user', 'absent'] };
    const attempt = store.write(absent, secretsOf({ user: 'new', absent: 'new' }), undefined, writing());
    await expect(attempt).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });

  it('is not written to over what somebody else wrote to one of them', async () => {
    const store = await open(each);
    const before = await store.read(slot, writing());
    await emulator.overwrite(slot, { key: 'theirs' });
    const attempt = store.write(slot, secretsOf(NEW), before?.version, writing());
    await expect(attempt).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await emulator.peek(slot)).toEqual({ user: 'old-user', key: 'theirs' });
  });

  it('is brought back version by version', async () => {
    const store = await open(each);
    const done = await pushed(store);
    await store.restore(slot, { ...done, values: undefined }, writing());
    expect(await emulator.peek(slot)).toEqual(OLD);
    expect(sent().slice(-2)).toEqual([
      'POST /v1/secrets/apps%2Fshop/fields/user/versions/%221%22/restore',
      'POST /v1/secrets/apps%2Fshop/fields/key/versions/%221%22/restore',
    ]);
  });

  it('says for a single field that the API compares versions, and for a pair that it cannot', async () => {
    const store = await open(each);
    const cas = async (...fields: string[]): Promise<boolean> =>
      (await store.preflight({ ...slot, fields }, writing())).cas;
    expect([await cas('key'), await cas('user', 'key')]).toEqual([true, false]);
  });

  it('has half a slot where one of two is missing, and no slot where both are', async () => {
    const store = await open(each);
    const stored = await store.read({ ...slot, fields: ['key', 'absent'] }, writing());
    expect(Object.keys(stored?.fields ?? {})).toEqual(['key']);
    expect(await store.read({ ...slot, fields: ['absent', 'gone'] }, writing())).toBeUndefined();
  });
});

describe('an API with one value for a slot', () => {
  it('is read, written and restored as one', async () => {
    const whole = await emulator.seed({ ref: 'plain', fields: [WHOLE] }, { [WHOLE]: 'old "key"\n' });
    const store = await open({ named: false });
    const done = await pushed(store, whole, { [WHOLE]: 'new "key"\\' });
    expect(await emulator.peek(whole)).toEqual({ [WHOLE]: 'new "key"\\' });
    await store.restore(whole, done, writing());
    expect(await emulator.peek(whole)).toEqual({ [WHOLE]: 'old "key"\n' });
  });

  it.each([
    [{ named: false }, ['key'], 'no place for a field'],
    [{ named: true }, [WHOLE], 'needs a `field`'],
    [{ named: true, each: true }, [WHOLE], 'needs a `field`'],
  ])('and one with fields say what a slot of theirs is: %j', async (changed, fields, message) => {
    const store = await open(changed);
    await expect(store.read({ ...slot, fields }, writing())).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect((await store.preflight({ ...slot, fields }, writing())).findings).toEqual([
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
    ]);
  });
});
