import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface FileIdentity {
  readonly mode: number;
  /** Kept where the process may; a file of somebody else stays theirs. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/**
 * Replaces a file so that a reader, or a crash at any instant, sees the old bytes or the new ones: temporary file
 * in the same folder, fsync, rename, fsync of the folder. The temporary file is 0600 until it has its final mode.
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array | string,
  identity: FileIdentity,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.keyturn-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      if (identity.owner !== undefined) await file.chown(identity.owner.uid, identity.owner.gid);
      await file.chmod(identity.mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Makes a rename or a new name in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
