import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { JournalEntry } from '../../core/rotation/events.ts';
import { decodeLine, GENESIS } from './journal-line.ts';

export interface JournalEnd {
  /** Bytes up to and including the last whole line; what follows is a torn tail. */
  readonly bytes: number;
  readonly lines: number;
  readonly hash: string;
}

/**
 * Streams a journal's entries, verifying the chain. A last line without its newline was being written when the
 * process died: it is not an entry. Gives where the good part ends.
 * @throws RotationError REFUSED with the line's number
 */
export async function* readJournal(path: string): AsyncGenerator<JournalEntry, JournalEnd> {
  let end: JournalEnd = { bytes: 0, lines: 0, hash: GENESIS };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    let buffer: Buffer = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    for (let newline = buffer.indexOf(10); newline !== -1; newline = buffer.indexOf(10)) {
      const place = { file: path, number: end.lines + 1 };
      const { entry, hash } = decodeLine(buffer.subarray(0, newline), end.hash, place);
      end = { bytes: end.bytes + newline + 1, lines: end.lines + 1, hash };
      buffer = buffer.subarray(newline + 1);
      yield entry;
    }
    rest = buffer;
  }
  return end;
}

/** Cuts a torn tail, so that the next line begins on a line of its own. */
export async function openForAppend(path: string, end: JournalEnd): Promise<FileHandle> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(end.bytes);
    await file.datasync();
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
}
