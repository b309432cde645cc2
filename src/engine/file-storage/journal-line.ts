import { hash as hashOf } from 'node:crypto';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JournalEntry } from '../../core/rotation/events.ts';

/** The hash before the first line. */
export const GENESIS = '0'.repeat(64);

const HASH_SUFFIX = /^,"hash":"([0-9a-f]{64})"\}$/;
const SUFFIX_BYTES = 75;
const CLOSING_BRACE = Buffer.from('}');

/** One line without its newline, and the hash the next line is chained to. */
export function encodeLine(entry: JournalEntry, previous: string): { line: string; hash: string } {
  const body = JSON.stringify(entry);
  const hash = hashOf('sha256', previous + body);
  return { line: `${body.slice(0, -1)},"hash":"${hash}"}`, hash };
}

/**
 * Verifies a line against the hash before it: its bytes, since bytes that are no UTF-8 read as the same text as others.
 * @throws RotationError REFUSED naming the line, when a byte of it (or a line before it) was changed
 */
export function decodeLine(
  line: Buffer,
  previous: string,
  place: { readonly file: string; readonly number: number },
): { entry: JournalEntry; hash: string } {
  const hash = HASH_SUFFIX.exec(line.toString('latin1', Math.max(0, line.length - SUFFIX_BYTES)))?.[1];
  const body = Buffer.concat([line.subarray(0, -SUFFIX_BYTES), CLOSING_BRACE]);
  if (hash === undefined || digest(previous, body) !== hash) throw damaged(place);
  const entry = JSON.parse(body.toString('utf8')) as JournalEntry;
  if (entry.seq !== place.number) throw damaged(place);
  return { entry, hash };
}

function digest(previous: string, body: Buffer): string {
  return hashOf('sha256', Buffer.concat([Buffer.from(previous, 'latin1'), body]));
}

function damaged(place: { readonly file: string; readonly number: number }): RotationError {
  return new RotationError('REFUSED', {
    subject: `journal ${place.file}`,
    reason: `line ${place.number} does not match its hash: the file was changed or damaged`,
    hint: 'Nothing was run. Restore the file from a backup; the stores are as the last good line says.',
  });
}
