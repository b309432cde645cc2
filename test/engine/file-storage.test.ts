import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOnce } from '../../src/engine/file-storage/create-once.ts';
import { engineFolder } from './support/engine-folder.ts';

const ID = 'r-1';

describe('a state folder', () => {
  it('that was never used has no rotations and no receipt', async () => {
    const { storage } = engineFolder();
    expect(await storage.rotationIds()).toEqual([]);
    expect(await storage.readReceipt(ID)).toBeUndefined();
  });

  it('that cannot be read is an error: it is not taken for an empty one', async () => {
    const { storage, state } = engineFolder();
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, 'rotations'), 'a file');
    await expect(storage.rotationIds()).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(storage.readReceipt(ID)).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('whose fingerprint key cannot be read gets no other key: fingerprints would no longer compare', async () => {
    const { storage, state } = engineFolder();
    mkdirSync(join(state, 'fingerprint.key'), { recursive: true });
    await expect(storage.fingerprintKey()).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('whose data key cannot be read gets no other one: what is sealed would never open', async () => {
    const { storage, state } = engineFolder();
    mkdirSync(join(state, 'rotations', ID, 'data-key.age'), { recursive: true });
    await expect(storage.sealer(ID)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(storage.destroySealed(ID)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

describe('a file that is made once', () => {
  it('is whole, and the same for who comes second', async () => {
    const { state } = engineFolder();
    mkdirSync(state, { recursive: true });
    const path = join(state, 'file');
    expect(await createOnce(path, 'first')).toBe(true);
    expect(await createOnce(path, 'second')).toBe(false);
    expect(readdirSync(state)).toEqual(['file']);
  });

  it('is not said to be there when it could not be made', async () => {
    const { state } = engineFolder();
    await expect(createOnce(join(state, 'no-such-folder', 'file'), 'x')).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
