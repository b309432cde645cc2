import { randomBytes } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { syncFolder } from '../../lib/atomic-file.ts';

/**
 * Makes a 0600 file unless there is one, and links it into place with its content in it: whoever finds the file finds
 * all of it, also when two processes make it at once or one of them dies at it. Nothing else does both: an exclusive
 * create can be seen (or left behind) half-written, and a rename takes the place of what is there.
 * @returns whether this call made it
 * @throws RotationError CONFIG_INVALID when the folder's file system has no hard links; nothing was made
 */
export async function createOnce(path: string, content: string | Uint8Array): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
  try {
    await writeDurably(draft, content);
    if (!(await linkOnce(draft, path))) return false;
    await syncFolder(dirname(path));
    return true;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What file systems without hard links answer, each in its own way: FAT, exFAT, some SMB and FUSE mounts. */
const NO_HARD_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

async function linkOnce(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return false;
    if (NO_HARD_LINKS.includes(code)) throw withoutHardLinks(dirname(path), String(code), error);
    throw error;
  }
}

function withoutHardLinks(folder: string, code: string, cause: unknown): RotationError {
  return new RotationError(
    'CONFIG_INVALID',
    {
      subject: folder,
      reason: `its file system makes no hard links (${code}), without which keyturn cannot keep two processes apart`,
      hint: 'Move it to another file system (a local disk, NFS): `state` in the config or KEYTURN_STATE names the state folder, KEYTURN_HOME the folder of your identity.',
    },
    { cause },
  );
}
