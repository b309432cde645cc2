import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Slot } from '../../src/core/plugins/store.ts';
import { crc32c } from '../../src/stores/gcp-secret-manager/crc32c.ts';
import { addVersion, type EmulatedSecret } from '../../src/stores/gcp-secret-manager/emulated-secret.ts';
import { fresh, OLD, openRig, type Rig } from './gcp-secret-manager-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rig.close();
});

const write = (slot: Slot, value = fresh(), expected?: string) =>
  rig.store.write(slot, { [slot.fields[0] ?? '']: value }, expected, rig.writing());

const texts = ({ versions }: EmulatedSecret): string[] => versions.map(({ data }) => data.toString());
const theirs = Buffer.from('theirs');

describe('a secret whose readers take `latest`', () => {
  it('gets the old text added again by a rollback: nothing is disabled, nothing is destroyed', async () => {
    const slot = await rig.seeded('checkout', 'API_KEY');
    const value = fresh();
    const receipt = await write(slot, value, '1');
    const [old] = texts(rig.emulator.secret(slot));
    const restoration = { before: '1', values: undefined, receipt, pushed: { API_KEY: value } };
    await rig.store.restore(slot, restoration, rig.writing());
    await rig.store.restore(slot, restoration, rig.writing());
    const { versions } = rig.emulator.secret(slot);
    expect(versions.map(({ state }) => state)).toEqual(['ENABLED', 'ENABLED', 'ENABLED']);
    expect(versions.at(-1)?.data.toString()).toBe(old);
  });

  it('is given back to who wrote between the look and the write', async () => {
    const slot = await rig.seeded('checkout');
    const writes: string[] = [];
    rig.emulator.server.onWrite((moment) => {
      if (moment === 'before' && writes.push('') === 1) addVersion(rig.emulator.secret(slot), theirs);
    });
    await expect(write(slot, fresh(), '1')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await rig.emulator.peek(slot)).toEqual({ '': 'theirs' });
  });

  it.each(['DISABLED', 'DESTROYED'] as const)(
    'that is %s is not read, and not written over',
    async (state) => {
      const slot = await rig.seeded('checkout');
      Object.assign(rig.emulator.secret(slot).versions[0] ?? {}, { state });
      await expect(rig.store.read(slot, rig)).rejects.toMatchObject({ code: 'REFUSED' });
      await expect(write(slot)).rejects.toMatchObject({ code: 'REFUSED' });
      expect(texts(rig.emulator.secret(slot))).toHaveLength(1);
    },
  );

  it('gets the sealed value back when somebody has disabled the old version', async () => {
    const slot = await rig.seeded('checkout');
    const value = fresh();
    const receipt = await write(slot, value, '1');
    Object.assign(rig.emulator.secret(slot).versions[0] ?? {}, { state: 'DISABLED' });
    const restoration = { before: '1', receipt, pushed: { '': value } };
    await expect(
      rig.store.restore(slot, { ...restoration, values: undefined }, rig.writing()),
    ).rejects.toMatchObject({ code: 'DRIFT' });
    await rig.store.restore(slot, { ...restoration, values: { '': OLD } }, rig.writing());
    expect(await rig.emulator.peek(slot)).toEqual({ '': OLD.reveal() });
  });
});

describe('a secret whose readers use an alias', () => {
  const REF = 'checkout/versions/live';

  it('goes live and comes back by the alias, which leaves the other aliases where they are', async () => {
    const slot = await rig.seeded(REF);
    const secret = rig.emulator.secret(slot);
    secret.aliases['pinned'] = '1';
    const value = fresh();
    const receipt = await write(slot, value, '1');
    expect(secret.aliases).toEqual({ live: '2', pinned: '1' });
    const restoration = { before: '1', values: undefined, receipt, pushed: { '': value } };
    await rig.store.restore(slot, restoration, rig.writing());
    expect(secret.aliases).toEqual({ live: '1', pinned: '1' });
    expect(secret.versions).toHaveLength(2);
  });

  it('is not moved when anything about the secret has changed since it was looked at', async () => {
    const slot = await rig.seeded(REF);
    rig.emulator.server.onWrite((moment, { method }) => {
      if (moment === 'before' && method === 'PATCH') void rig.emulator.overwrite(slot, { '': 'theirs' });
    });
    await expect(write(slot, fresh(), '1')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await rig.emulator.peek(slot)).toEqual({ '': 'theirs' });
  });
});

describe('payloads are checked on their way', () => {
  it('by the checksum that is known of CRC-32C', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(0))).toBe(0);
  });

  it('and one that was damaged is not taken for a value', async () => {
    const slot = await rig.seeded('checkout');
    const [version] = rig.emulator.secret(slot).versions;
    const encode = vi.spyOn(version?.data ?? theirs, 'toString');
    encode.mockImplementation(() => theirs.toString('base64'));
    await expect(rig.store.read(slot, rig)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('CRC32C'),
    });
  });

  it('and one that is no text is refused', async () => {
    const slot = await rig.seeded('checkout');
    addVersion(rig.emulator.secret(slot), Buffer.from([0xff, 0xfe, 0x00]));
    await expect(rig.store.read(slot, rig)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('binary'),
    });
  });
});

describe('once a rotation is done', () => {
  const tidied = async (
    ref: string,
    change: (secret: EmulatedSecret) => void = () => {},
  ): Promise<string[]> => {
    await rig.close();
    rig = await openRig({ disableReplaced: true });
    const slot = await rig.seeded(ref);
    const receipt = await write(slot, fresh(), '1');
    change(rig.emulator.secret(slot));
    const push = { replaced: '1', receipt };
    await rig.store.tidy?.(slot, push, rig.writing());
    await rig.store.tidy?.(slot, push, rig.writing());
    return rig.emulator.secret(slot).versions.map(({ state }) => state);
  };

  it('the replaced version stays as it is, unless it is asked for otherwise', () => {
    expect(rig.store.tidy).toBeUndefined();
  });

  it.each(['checkout', 'checkout/versions/live'])('the replaced version of %s is disabled', async (ref) => {
    expect(await tidied(ref)).toEqual(['DISABLED', 'ENABLED']);
  });

  it('one that is destroyed by then is left', async () => {
    const destroy = (secret: EmulatedSecret): void => {
      Object.assign(secret.versions[0] ?? {}, { state: 'DESTROYED' });
    };
    expect(await tidied('checkout', destroy)).toEqual(['DESTROYED', 'ENABLED']);
  });

  it('one that somebody else’s alias leads to is left', async () => {
    const pin = (secret: EmulatedSecret): void => {
      secret.aliases['pinned'] = '1';
    };
    expect(await tidied('checkout', pin)).toEqual(['ENABLED', 'ENABLED']);
  });
});
