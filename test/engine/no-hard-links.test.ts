import { readdirSync } from 'node:fs';
import { link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOnce } from '../../src/engine/file-storage/create-once.ts';
import { engineFolder } from './support/engine-folder.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  return { ...real, link: vi.fn(real.link) };
});

afterEach(() => vi.mocked(link).mockClear());

function refuseLinks(code: string): void {
  vi.mocked(link).mockRejectedValueOnce(Object.assign(new Error(`${code}: link`), { code }));
}

async function stateFolder() {
  const folder = engineFolder();
  await mkdir(folder.state, { recursive: true });
  return folder;
}

describe('a state folder on a file system without hard links', () => {
  it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])(
    'is named, with what to do, and nothing is left in it (%s)',
    async (code) => {
      const { state } = await stateFolder();
      refuseLinks(code);
      await expect(createOnce(join(state, 'file'), 'content')).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(
          `${state} is not valid: its file system makes no hard links (${code})`,
        ),
        hint: expect.stringMatching(/another file system.*KEYTURN_STATE.*KEYTURN_HOME/),
      });
      expect(readdirSync(state)).toEqual([]);
    },
  );

  it('is told before anything is planned: with the first fingerprint', async () => {
    const { storage, state } = await stateFolder();
    refuseLinks('EPERM');
    await expect(storage.fingerprintKey()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(readdirSync(state)).not.toContain('fingerprint.key');
  });

  it('gives no lock', async () => {
    const { storage } = await stateFolder();
    refuseLinks('EPERM');
    const request = { key: 'ci', rotationId: 'r1', isOpen: async () => false };
    await expect(storage.acquireLock(request)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const lock = await storage.acquireLock(request);
    expect(lock.fence).toBe(1);
    await lock.release();
  });
});

it('no other trouble is taken for it', async () => {
  const { state } = await stateFolder();
  refuseLinks('EIO');
  await expect(createOnce(join(state, 'file'), 'content')).rejects.toMatchObject({ code: 'EIO' });
  expect(readdirSync(state)).toEqual([]);
});
