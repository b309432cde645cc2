import type { Disk, DiskFile } from '../../core/disk.ts';

/** One call of a disk, or of a file that is open on it. */
export interface DiskCall {
  readonly name: keyof Disk | keyof DiskFile;
  /** Of a rename: where to. */
  readonly path: string;
}

/** Stands between a caller and the disk: may carry the call out, or not, and say what came of it. */
export type Around = <T>(call: DiskCall, carryOut: () => Promise<T>) => Promise<T>;

/** The same disk with something around every call. */
export function aroundDisk(disk: Disk, around: Around): Disk {
  const fileAt = (path: string, file: DiskFile): DiskFile => ({
    chmod: (mode) => around({ name: 'chmod', path }, () => file.chmod(mode)),
    chown: (uid, gid) => around({ name: 'chown', path }, () => file.chown(uid, gid)),
    close: () => around({ name: 'close', path }, () => file.close()),
    stat: () => around({ name: 'stat', path }, () => file.stat()),
    sync: () => around({ name: 'sync', path }, () => file.sync()),
    truncate: (length) => around({ name: 'truncate', path }, () => file.truncate(length)),
    write: (...what) => around({ name: 'write', path }, () => file.write(...what)),
    writeFile: (content) => around({ name: 'writeFile', path }, () => file.writeFile(content)),
  });

  return {
    access: (path, mode) => around({ name: 'access', path }, () => disk.access(path, mode)),
    open: async (path, flags, mode) =>
      fileAt(path, await around({ name: 'open', path }, () => disk.open(path, flags, mode))),
    readFile: (path) => around({ name: 'readFile', path }, () => disk.readFile(path)),
    readdir: (path) => around({ name: 'readdir', path }, () => disk.readdir(path)),
    realpath: (path) => around({ name: 'realpath', path }, () => disk.realpath(path)),
    rename: (from, to) => around({ name: 'rename', path: to }, () => disk.rename(from, to)),
    rm: (path, options) => around({ name: 'rm', path }, () => disk.rm(path, options)),
    stat: (path) => around({ name: 'stat', path }, () => disk.stat(path)),
  };
}
