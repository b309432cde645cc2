import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  failure,
  fresh,
  openVaultRig,
  pushed,
  SLOT,
  secrets,
  V1_SLOT,
  type VaultRig,
} from './hashicorp-vault-rig.ts';

let rig: VaultRig;
beforeEach(async () => {
  rig = await openVaultRig();
});
afterEach(() => rig.close());

describe('a version 2 mount', () => {
  it('brings the version before back as a new one', async () => {
    const { old, restoration } = await pushed(rig, SLOT, false);
    rig.traffic();
    await rig.store.restore(SLOT, restoration, rig.ctx);
    expect(await rig.emulator.peek(SLOT)).toEqual(old);
    expect(rig.traffic()).toEqual([
      'GET /secret/data/apps/ci',
      'GET /secret/data/apps/ci?version=1',
      'POST /secret/data/apps/ci',
    ]);
    expect((await rig.store.read(SLOT, rig.ctx))?.version).toBe('3');
  });

  it('brings a number back as a number', async () => {
    rig.emulator.seedRaw(SLOT, { api_key: '12345' });
    const { restoration } = await pushed(rig, SLOT, false);
    await rig.store.restore(SLOT, restoration, rig.ctx);
    expect(rig.emulator.kvOf(SLOT).entriesAt('apps/ci')?.get('api_key')).toBe('12345');
  });

  it('takes out a field that was not there before', async () => {
    rig.emulator.seedRaw(SLOT, { other: '"stays"' });
    const values = secrets(fresh(SLOT));
    const receipt = await rig.store.write(SLOT, values, '1', rig.ctx);
    const restoration = { before: '1', values: undefined, receipt, pushed: values };
    await rig.store.restore(SLOT, restoration, rig.ctx);
    expect(Object.fromEntries(rig.emulator.kvOf(SLOT).entriesAt('apps/ci') ?? [])).toEqual({
      other: '"stays"',
    });
  });

  it('cannot bring back what was not there before the push, and says so', async () => {
    const values = secrets(fresh(SLOT));
    const receipt = await rig.store.write(SLOT, values, undefined, rig.ctx);
    const restoration = { before: undefined, values: undefined, receipt, pushed: values };
    expect(await failure(rig.store.restore(SLOT, restoration, rig.ctx))).toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('there was no secret before the push, so nothing of api_key'),
    });
  });

  it('writes the sealed value when the version before is gone', async () => {
    rig.emulator.kvOf(SLOT).settings.maxVersions = 1;
    const { old, restoration } = await pushed(rig, SLOT, true);
    await rig.store.restore(SLOT, restoration, rig.ctx);
    expect(await rig.emulator.peek(SLOT)).toEqual(old);
  });

  it('says so when the version before is gone and the value was not kept', async () => {
    rig.emulator.kvOf(SLOT).settings.maxVersions = 1;
    const { next, restoration } = await pushed(rig, SLOT, false);
    const error = await failure(rig.store.restore(SLOT, restoration, rig.ctx));
    expect(error).toMatchObject({ code: 'REFUSED', message: expect.stringContaining('version 1 is gone') });
    expect(await rig.emulator.peek(SLOT)).toEqual(next);
  });

  it('changes nothing when it has been done already, or the push never arrived', async () => {
    const { old, restoration } = await pushed(rig, SLOT, false);
    await rig.store.restore(SLOT, restoration, rig.ctx);
    const effects = rig.emulator.effects();
    await rig.store.restore(SLOT, restoration, rig.ctx);
    await rig.store.restore(SLOT, { ...restoration, before: '3' }, rig.ctx);
    expect(rig.emulator.effects()).toBe(effects);
    expect(await rig.emulator.peek(SLOT)).toEqual(old);
  });

  it('leaves a secret alone that is gone', async () => {
    const { restoration } = await pushed(rig, SLOT, true);
    rig.emulator.deleteCurrent(SLOT);
    expect((await failure(rig.store.restore(SLOT, restoration, rig.ctx))).code).toBe('DRIFT');
  });
});

describe('a version 1 mount', () => {
  it('writes the sealed value back, and keeps what others wrote beside it', async () => {
    const { old, restoration } = await pushed(rig, V1_SLOT, true);
    await rig.emulator.overwrite({ ref: V1_SLOT.ref, fields: ['other'] }, { other: 'theirs' });
    await rig.store.restore(V1_SLOT, restoration, rig.ctx);
    expect(await rig.emulator.peek(V1_SLOT)).toEqual(old);
    expect(await rig.emulator.peek({ ref: V1_SLOT.ref, fields: ['other'] })).toEqual({ other: 'theirs' });
  });

  it('leaves somebody else’s value alone', async () => {
    const { restoration } = await pushed(rig, V1_SLOT, true);
    await rig.emulator.overwrite(V1_SLOT, { api_key: 'theirs' });
    expect((await failure(rig.store.restore(V1_SLOT, restoration, rig.ctx))).code).toBe('DRIFT');
    expect(await rig.emulator.peek(V1_SLOT)).toEqual({ api_key: 'theirs' });
  });

  it('cannot invent a value that was not kept', async () => {
    const { restoration } = await pushed(rig, V1_SLOT, false);
    expect((await failure(rig.store.restore(V1_SLOT, restoration, rig.ctx))).code).toBe('REFUSED');
  });
});
