import { access, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import type { Disk } from '../../core/disk.ts';

/** The disk that is really there. */
export const systemDisk: Disk = {
  access,
  open,
  readFile: (path) => readFile(path),
  readdir: (path) => readdir(path),
  realpath: (path) => realpath(path),
  rename,
  rm,
  stat: (path) => stat(path),
};
