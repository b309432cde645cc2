import type { FileHandle } from 'node:fs/promises';
import type { Clock } from '../../core/clock.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JournalEntry, RotationEvent } from '../../core/rotation/events.ts';
import type { Journal } from '../journal.ts';
import { encodeLine } from './journal-line.ts';
import type { JournalEnd } from './read-journal.ts';

interface Waiter {
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
  let pending: string[] = [];
  let waiters: Waiter[] = [];
  let committing: Promise<void> | undefined;
  let failure: RotationError | undefined;

  const commitAll = async (): Promise<void> => {
    while (pending.length > 0) {
      const batch = Buffer.from(pending.join(''), 'utf8');
      const waiting = waiters;
      pending = [];
      waiters = [];
      try {
        await writeAt(file, batch, bytes);
        await file.datasync();
        bytes += batch.length;
        for (const waiter of waiting) waiter.resolve();
      } catch (cause) {
        failure = notDurable(path, cause);
        for (const waiter of [...waiting, ...waiters]) waiter.reject(failure);
        pending = [];
        waiters = [];
      }
    }
    committing = undefined;
  };

  const append = (event: RotationEvent): Promise<void> => {
    if (failure !== undefined) return Promise.reject(failure);
    const entry: JournalEntry = { seq: lines + 1, at: new Date(clock.now()).toISOString(), ...event };
    const encoded = encodeLine(entry, hash);
    lines += 1;
    hash = encoded.hash;
    pending.push(`${encoded.line}\n`);
    const durable = new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }));
    // Whoever does not await a single event still learns of its failure from `flush`.
    durable.catch(() => {});
    // A tick later, so that events appended together go into one batch.
    committing ??= Promise.resolve().then(commitAll);
    return durable;
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

async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
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
