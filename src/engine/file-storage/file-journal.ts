import { fstatSync, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Clock } from '../../core/clock.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { JournalEntry, RotationEvent } from '../../core/rotation/events.ts';
import type { Appended, Journal } from '../journal.ts';
import { encodeLine } from './journal-line.ts';
import type { JournalEnd } from './read-journal.ts';

/** Lines that become durable together. */
interface Batch {
  readonly lines: string[];
  readonly durable: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Group commit: lines that arrive while one fdatasync is under way are written together and share the next one,
 * which is many times cheaper than one each. After a failed write nothing more is taken, because what is on disk
 * is not known.
 */
export function createFileJournal(file: FileHandle, end: JournalEnd, path: string, clock: Clock): Journal {
  let { lines, hash, bytes } = end;
  let filling: Batch | undefined;
  let committing: Promise<void> | undefined;
  let failure: RotationError | undefined;

  const commit = async (batch: Batch): Promise<void> => {
    try {
      const text = Buffer.from(batch.lines.join(''), 'utf8');
      // These two do not reach the disk: waiting for a thread to do them would take longer than they do.
      assertOurs(file, bytes, path);
      writeAt(file, text, bytes);
      await file.datasync();
      bytes += text.length;
      batch.resolve();
    } catch (cause) {
      failure = isRotationError(cause) ? cause : notDurable(path, cause);
      batch.reject(failure);
      filling?.reject(failure);
      filling = undefined;
    }
  };

  const commitAll = async (): Promise<void> => {
    // A turn of the event loop later, so that events of steps that moved in the same turn go into one batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (filling !== undefined) {
      const batch = filling;
      filling = undefined;
      await commit(batch);
    }
    committing = undefined;
  };

  const append = (event: RotationEvent): Appended => {
    const entry: JournalEntry = { seq: lines + 1, at: new Date(clock.now()).toISOString(), ...event };
    if (failure !== undefined) return { entry, durable: refused(failure) };
    const encoded = encodeLine(entry, hash);
    lines += 1;
    hash = encoded.hash;
    filling ??= emptyBatch();
    filling.lines.push(encoded.line, '\n');
    committing ??= commitAll();
    return { entry, durable: filling.durable };
  };

  const flush = async (): Promise<void> => {
    await committing;
    if (failure !== undefined) throw failure;
  };

  return {
    append,
    flush,
    close: async () => {
      await committing;
      await file.close();
    },
  };
}

function emptyBatch(): Batch {
  let resolve = (): void => {};
  let reject = (_error: unknown): void => {};
  const durable = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Whoever does not await a single event still learns of its failure from `flush`.
  durable.catch(() => {});
  return { lines: [], durable, resolve, reject };
}

/** Handled already: whoever does not await it learns of it from `flush`. */
function refused(failure: RotationError): Promise<never> {
  const refusal = Promise.reject(failure);
  refusal.catch(() => {});
  return refusal;
}

/** Whoever slept while another process took the rotation over must not write over what that one has journalled. */
function assertOurs(file: FileHandle, bytes: number, path: string): void {
  const { size } = fstatSync(file.fd);
  if (size === bytes) return;
  throw new RotationError('LOCKED', {
    subject: `journal ${path}`,
    reason: 'another process has written to it: it has taken this rotation over',
    hint: 'Nothing was undone. The other process carries on; look with `keyturn rotations show`.',
  });
}

function writeAt(file: FileHandle, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file.fd, bytes, done, bytes.length - done, position + done);
  }
}

function notDurable(path: string, cause: unknown): RotationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RotationError(
    'UNAVAILABLE',
    {
      subject: `journal ${path}`,
      action: 'write an event',
      reason,
      hint: 'No step is run that cannot be journalled. Make room (or repair the disk), then run `keyturn resume`.',
    },
    { cause },
  );
}
