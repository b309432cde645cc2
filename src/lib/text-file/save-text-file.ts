import type { Disk } from '../../core/disk.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Version } from '../../core/plugins/store.ts';
import { removeLeftovers, replaceFile } from '../atomic-file.ts';
import { mayStillLand } from '../disk/bounded-disk.ts';
import { errnoOf, fileError } from './file-error.ts';
import { type FileWork, MAX_BYTES, type TextFile, versionOf } from './text-file.ts';
import { encodeText } from './utf8-text.ts';

const ACTION = 'write the file';

/**
 * Puts new text in the place of the old, with the same mode and owner. For the holder of the file's lock.
 * @param stillOurs throws when the lock was lost
 * @throws RotationError CONFLICT (somebody wrote since it was loaded), PERMISSION_DENIED, LIMIT_REACHED (disk full,
 *   or more bytes than we read again), UNAVAILABLE, TIMEOUT, ABORTED, INDETERMINATE (the new bytes are there, but may
 *   not survive a power cut; or nobody knows)
 */
export async function saveTextFile(
  file: TextFile,
  text: string,
  { disk, subject }: FileWork,
  stillOurs: () => Promise<void>,
): Promise<Version> {
  if (file.names > 1) throw hardLinked(file, subject);
  const bytes = encodeText(text, subject);
  if (bytes.length > MAX_BYTES) throw tooLarge(bytes.length, subject);
  let committing = false;
  const lastLook = async (): Promise<void> => {
    await stillOurs();
    if (versionOf(await disk.readFile(file.path)) !== file.version) throw changedMeanwhile(subject);
    committing = true;
  };
  const identity = { mode: file.mode, owner: file.owner, lastLook };
  try {
    await removeLeftovers(file.path, disk);
    await replaceFile(file.path, bytes, identity, disk).catch(async (error: unknown) => {
      if (errnoOf(error) !== 'EBUSY') throw error;
      await lastLook();
      await overwriteInPlace(file.path, bytes, Buffer.from(file.text, 'utf8'), disk);
    });
  } catch (error) {
    if (error instanceof RotationError) throw error;
    if (committing && mayStillLand(error))
      throw indeterminate(subject, 'the replacement was not answered, and may still happen', error);
    await assertUntouched(file, { disk, subject }, error);
    throw fileError(error, subject, ACTION);
  }
  return versionOf(bytes);
}

/**
 * A single file mounted into a container cannot be renamed over: its bytes are written where they are. Not atomic for
 * readers, but a failure puts the old bytes back, for which the disk certainly has room.
 */
async function overwriteInPlace(path: string, bytes: Buffer, old: Buffer, disk: Disk): Promise<void> {
  const handle = await disk.open(path, 'r+');
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
async function assertUntouched(file: TextFile, { disk, subject }: FileWork, cause: unknown): Promise<void> {
  const now = await disk.readFile(file.path).then(versionOf, () => undefined);
  if (now === file.version) return;
  const broken = `it failed half-way (${errnoOf(cause) || 'unknown error'})`;
  const seen = now === undefined ? 'the file cannot be looked at' : 'the file is not what it was';
  throw indeterminate(subject, `${broken}, and ${seen}`, cause);
}

function indeterminate(subject: string, reason: string, cause: unknown): RotationError {
  return new RotationError('INDETERMINATE', { subject, action: ACTION, reason }, { cause });
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
