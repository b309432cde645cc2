import type { Stats } from 'node:fs';

/** An open file. */
export interface DiskFile {
  chmod(mode: number): Promise<void>;
  chown(uid: number, gid: number): Promise<void>;
  close(): Promise<void>;
  stat(): Promise<Stats>;
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  writeFile(content: string | Uint8Array): Promise<void>;
}

/**
 * The files of this machine, as `node:fs/promises` has them; injected, so that an emulator can break them as disks break.
 * Errors are those of the system, with its `code` (`EIO`).
 */
export interface Disk {
  access(path: string, mode: number): Promise<void>;
  open(path: string, flags: string, mode?: number): Promise<DiskFile>;
  readFile(path: string): Promise<Buffer>;
  readdir(path: string): Promise<string[]>;
  realpath(path: string): Promise<string>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly force: boolean }): Promise<void>;
  stat(path: string): Promise<Stats>;
}
