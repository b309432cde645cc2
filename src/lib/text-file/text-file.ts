import { createHash } from 'node:crypto';
import type { Disk } from '../../core/disk.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { fingerprintOf } from '../../core/fingerprint.ts';
import type { Version } from '../../core/plugins/store.ts';
import { errnoOf, fileError } from './file-error.ts';
import { decodeText } from './utf8-text.ts';

export interface TextFile {
  /** Of the file itself, behind all symbolic links. */
  readonly path: string;
  readonly text: string;
  readonly version: Version;
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number };
  /** More than one: hard links. */
  readonly names: number;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** What every piece of work on a file needs. */
export interface FileWork {
  readonly disk: Disk;
  /** Of its errors: `env-local/checkout/.env`. */
  readonly subject: string;
}

/** Far above any file of settings; past it, the ref points at something else. */
export const MAX_BYTES = 1024 * 1024;

/**
 * Undefined when there is no such file (or a link to nothing).
 * @throws RotationError PERMISSION_DENIED, REFUSED (not a text file: a folder, a pipe, binary), UNAVAILABLE, TIMEOUT, ABORTED
 */
export async function loadTextFile(path: string, { disk, subject }: FileWork): Promise<TextFile | undefined> {
  try {
    const real = await disk.realpath(path);
    const stats = await disk.stat(real);
    // A pipe or a device would be read for ever.
    if (!stats.isFile()) throw new RotationError('REFUSED', { subject, reason: 'it is not a regular file' });
    if (stats.size > MAX_BYTES) {
      throw new RotationError('REFUSED', {
        subject,
        reason: `${stats.size} bytes are more than a file of settings has`,
      });
    }
    const bytes = await disk.readFile(real);
    return {
      path: real,
      text: decodeText(bytes, subject),
      version: versionOf(bytes),
      mode: stats.mode & 0o7777,
      owner: { uid: stats.uid, gid: stats.gid },
      names: stats.nlink,
      updatedAt: stats.mtime.toISOString(),
    };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw fileError(error, subject, 'read the file');
  }
}

/**
 * A file has no versions of its own: the hash of all its bytes tells whether anybody wrote. Hashed once more under
 * the fingerprint key, because journals and receipts carry it: a plain hash would let their readers try out values.
 */
export function versionOf(bytes: Uint8Array): Version {
  return `content-${fingerprintOf(createHash('sha256').update(bytes).digest('hex'))}`;
}
