import { constants } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { Disk } from '../../src/core/disk.ts';
import { systemDisk } from '../../src/lib/disk/system-disk.ts';
import { envFolder, openStoreAt, slotOf } from './support/env-folder.ts';
import { writing } from './support/writes.ts';

it('a folder that may be written and not read is told by preflight: leftovers are looked for in it', async () => {
  const { root, put } = envFolder();
  put('KEY=old');
  // `chmod 300`, as everybody but root meets it.
  const disk: Disk = {
    ...systemDisk,
    access: async (path, mode = constants.F_OK) => {
      if (path === root && (mode & constants.R_OK) !== 0)
        throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    },
    readdir: async () => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    },
  };
  const { findings } = await openStoreAt(root, { disk }).preflight(slotOf('KEY'), writing());
  expect(findings).toEqual([
    expect.objectContaining({
      severity: 'error',
      code: 'PERMISSION_DENIED',
      message: expect.stringContaining(root),
    }),
  ]);
});
