import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

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
 * @throws the system's own error (EBUSY when the file is a mount point); the old file is whole then
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array | string,
  identity: FileIdentity,
): Promise<void> {
  const temporary = join(dirname(path), `${temporaryPrefix(path)}${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      if (identity.owner !== undefined) await giveTo(file, identity.owner);
      await file.chmod(identity.mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await identity.lastLook?.();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Removes the temporary files of replacements that were killed half-way: they may hold a secret. Only for whoever
 * holds the file's lock, since a replacement in progress looks the same.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const prefix = temporaryPrefix(path);
  for (const name of await readdir(folder)) {
    const isOurs = name.startsWith(prefix) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(prefix.length));
    if (isOurs) await rm(join(folder, name), { force: true });
  }
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

/** Begins with the file's own name, so that what ignores the file (`.env*` in .gitignore) ignores a leftover too. */
function temporaryPrefix(path: string): string {
  return `${basename(path)}.keyturn-`;
}

/** Asked for only where it changes something: some file systems refuse any chown. */
async function giveTo(
  file: FileHandle,
  owner: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const { uid, gid } = await file.stat();
  if (uid !== owner.uid || gid !== owner.gid) await file.chown(owner.uid, owner.gid);
}
