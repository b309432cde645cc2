import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { DiskFile } from '../core/disk.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import { systemDisk } from './disk/system-disk.ts';

export interface FileIdentity {
  readonly mode: number;
  /** A file of somebody else stays theirs; where the process may not do that, the replacement fails. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Runs when all is ready, right before the rename; throwing calls the replacement off. */
  readonly lastLook?: () => Promise<void>;
}

/**
 * Replaces a file so that a reader, or a crash at any instant, sees the old bytes or the new ones: temporary file
 * in the same folder, fsync, rename, fsync of the folder. The temporary file is 0600 until it has its final mode.
 * @throws the system's own error (EBUSY when the file is a mount point); unless it is the fsync of the folder that
 *   failed, the old file is whole then
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array | string,
  identity: FileIdentity,
  disk = systemDisk,
): Promise<void> {
  const temporary = join(dirname(path), `${temporaryPrefix(path)}${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await disk.open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      if (identity.owner !== undefined) await giveTo(file, identity.owner);
      await file.chmod(identity.mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await identity.lastLook?.();
    await disk.rename(temporary, path);
  } catch (error) {
    await disk.rm(temporary, { force: true }).catch(() => {
      throw leftOver(error, temporary);
    });
    throw error;
  }
  await syncFolder(dirname(path), disk);
}

/**
 * Removes the temporary files of replacements that were killed half-way: they may hold a secret. Only for whoever
 * holds the file's lock, since a replacement in progress looks the same.
 */
export async function removeLeftovers(path: string, disk = systemDisk): Promise<void> {
  const folder = dirname(path);
  const prefix = temporaryPrefix(path);
  for (const name of await disk.readdir(folder)) {
    const isOurs = name.startsWith(prefix) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(prefix.length));
    if (isOurs) await disk.rm(join(folder, name), { force: true });
  }
}

/** Makes a rename or a new name in a folder durable. */
export async function syncFolder(folder: string, disk = systemDisk): Promise<void> {
  const handle = await disk.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The system's error, and that a piece of the replacement is still there, which may hold a secret. */
function leftOver(error: unknown, temporary: string): unknown {
  if (!(error instanceof Error) || error instanceof RotationError) return error;
  const message = `${basename(temporary)} may be left beside it, delete it; ${error.message}`;
  return Object.assign(new Error(message, { cause: error }), 'code' in error ? { code: error.code } : {});
}

/** Begins with the file's own name, so that what ignores the file (`.env*` in .gitignore) ignores a leftover too. */
function temporaryPrefix(path: string): string {
  return `${basename(path)}.keyturn-`;
}

/** Asked for only where it changes something: some file systems refuse any chown. */
async function giveTo(file: DiskFile, owner: { readonly uid: number; readonly gid: number }): Promise<void> {
  const { uid, gid } = await file.stat();
  if (uid !== owner.uid || gid !== owner.gid) await file.chown(owner.uid, owner.gid);
}
