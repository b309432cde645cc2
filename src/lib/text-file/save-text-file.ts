import { open, readFile } from 'node:fs/promises';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Version } from '../../core/plugins/store.ts';
import { removeLeftovers, replaceFile } from '../atomic-file.ts';
import { errnoOf, fileError } from './file-error.ts';
import { MAX_BYTES, type TextFile, versionOf } from './text-file.ts';
import { encodeText } from './utf8-text.ts';

const ACTION = 'write the file';

/**
 * Puts new text in the place of the old, with the same mode and owner. For the holder of the file's lock.
 * @param stillOurs throws when the lock was lost
 * @throws RotationError CONFLICT (somebody wrote since it was loaded), PERMISSION_DENIED, LIMIT_REACHED (disk full,
 *   or more bytes than we read again), INDETERMINATE (the new bytes are there, but may not survive a power cut)
 */
export async function saveTextFile(
  file: TextFile,
  text: string,
  subject: string,
  stillOurs: () => Promise<void>,
): Promise<Version> {
  if (file.names > 1) throw hardLinked(file, subject);
  const bytes = encodeText(text, subject);
  if (bytes.length > MAX_BYTES) throw tooLarge(bytes.length, subject);
  const lastLook = async (): Promise<void> => {
    await stillOurs();
    if (versionOf(await readFile(file.path)) !== file.version) throw changedMeanwhile(subject);
  };
  try {
    await removeLeftovers(file.path);
    await replaceFile(file.path, bytes, { mode: file.mode, owner: file.owner, lastLook }).catch(
      async (error: unknown) => {
        if (errnoOf(error) !== 'EBUSY') throw error;
        await lastLook();
        await overwriteInPlace(file.path, bytes, Buffer.from(file.text, 'utf8'));
      },
    );
  } catch (error) {
    if (error instanceof RotationError) throw error;
    await assertUntouched(file, subject, error);
    throw fileError(error, subject, ACTION);
  }
  return versionOf(bytes);
}

/**
 * A single file mounted into a container cannot be renamed over: its bytes are written where they are. Not atomic for
 * readers, but a failure puts the old bytes back, for which the disk certainly has room.
 */
async function overwriteInPlace(path: string, bytes: Buffer, old: Buffer): Promise<void> {
  const handle = await open(path, 'r+');
  const put = async (content: Buffer): Promise<void> => {
    let done = 0;
    while (done < content.length) {
      done += (await handle.write(content, done, content.length - done, done)).bytesWritten;
    }
    await handle.truncate(content.length);
    await handle.sync();
  };
  try {
    await put(bytes).catch(async (error: unknown) => {
      await put(old);
      throw error;
    });
  } finally {
    await handle.close();
  }
}

/** Every other code than INDETERMINATE promises that the old file is there: so look. */
async function assertUntouched(file: TextFile, subject: string, cause: unknown): Promise<void> {
  const now = await readFile(file.path).then(versionOf, () => undefined);
  if (now === file.version) return;
  const reason = `it failed half-way (${errnoOf(cause) || 'unknown error'}), and the file is not what it was`;
  throw new RotationError('INDETERMINATE', { subject, action: ACTION, reason }, { cause });
}

export function changedMeanwhile(subject: string): RotationError {
  return new RotationError('CONFLICT', { subject, reason: 'its bytes are not those that were read' });
}

/** It could be written, and then neither read back nor restored. */
function tooLarge(bytes: number, subject: string): RotationError {
  return new RotationError('LIMIT_REACHED', {
    subject,
    action: ACTION,
    reason: `it would have ${bytes} bytes; keyturn edits files up to ${MAX_BYTES}`,
    hint: 'Move some of what it holds to another file.',
  });
}

/** A rename would leave the old key under the other names; said in preflight too. */
export function hardLinked(file: TextFile, subject: string): RotationError {
  return new RotationError('REFUSED', {
    subject,
    reason: `it has ${file.names} names (hard links), and only this one would get the new value`,
    hint: 'Make the other names symbolic links to this file, or copies with targets of their own.',
  });
}
