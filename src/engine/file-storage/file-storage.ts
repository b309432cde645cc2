import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { replaceFile, syncFolder } from '../../lib/atomic-file.ts';
import type { RotationStorage } from '../storage.ts';
import { createValueSealer } from '../value-sealer.ts';
import { createOnce } from './create-once.ts';
import { destroyDataKey, readOrMakeDataKey, type SealingKeys } from './data-key.ts';
import { createFileJournal } from './file-journal.ts';
import { acquireFileLock } from './file-lock.ts';
import { GENESIS } from './journal-line.ts';
import { openForAppend, readJournal } from './read-journal.ts';

export interface FileStorageSettings {
  /** Made on first use, 0700, with a .gitignore that ignores all of it. */
  readonly folder: string;
  readonly clock: Clock;
  /** Asked for only when something is sealed or opened. */
  readonly sealingKeys: () => Promise<SealingKeys>;
}

/** `rotations/ID/{journal.jsonl,data-key.age,receipt.json}`, `locks/KEY/`, `fingerprint.key`. */
export function createFileStorage(settings: FileStorageSettings): RotationStorage {
  const { folder, clock } = settings;
  const home = (rotationId: string): string => join(folder, 'rotations', safeName(rotationId));
  const journalPath = (rotationId: string): string => join(home(rotationId), 'journal.jsonl');
  const dataKeyPath = (rotationId: string): string => join(home(rotationId), 'data-key.age');
  const receiptPath = (rotationId: string): string => join(home(rotationId), 'receipt.json');

  return {
    fingerprintKey: async () => {
      const path = join(folder, 'fingerprint.key');
      const there = await readText(path);
      if (there !== undefined) return Buffer.from(there.trim(), 'hex');
      await prepareFolder(folder);
      await createOnce(path, `${randomBytes(32).toString('hex')}\n`);
      return Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
    },
    rotationIds: async () => {
      try {
        return (await readdir(join(folder, 'rotations'))).sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },
    entries: (rotationId) => existing(rotationId, readJournal(journalPath(rotationId))),
    createJournal: async (rotationId) => {
      await prepareFolder(folder);
      await mkdir(home(rotationId), { recursive: true, mode: 0o700 });
      const path = journalPath(rotationId);
      const file = await open(path, 'wx', 0o600);
      await file.sync();
      await syncFolder(home(rotationId));
      await syncFolder(join(folder, 'rotations'));
      return createFileJournal(file, { bytes: 0, lines: 0, hash: GENESIS }, path, clock);
    },
    openJournal: async (rotationId, onEntry) => {
      const path = journalPath(rotationId);
      const reader = existing(rotationId, readJournal(path));
      let step = await reader.next();
      for (; step.done !== true; step = await reader.next()) onEntry(step.value);
      return createFileJournal(await openForAppend(path, step.value), step.value, path, clock);
    },
    acquireLock: async (request) => {
      await prepareFolder(folder);
      return acquireFileLock(join(folder, 'locks', safeName(request.key)), request);
    },
    sealer: async (rotationId) => {
      await mkdir(home(rotationId), { recursive: true, mode: 0o700 });
      const dataKey = await readOrMakeDataKey(dataKeyPath(rotationId), await settings.sealingKeys());
      return createValueSealer(dataKey, rotationId);
    },
    destroySealed: (rotationId) => destroyDataKey(dataKeyPath(rotationId)),
    writeReceipt: (rotationId, text) => replaceFile(receiptPath(rotationId), text, { mode: 0o600 }),
    readReceipt: (rotationId) => readText(receiptPath(rotationId)),
  };
}

async function prepareFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'rotations'), { recursive: true, mode: 0o700 });
  await mkdir(join(folder, 'locks'), { recursive: true, mode: 0o700 });
  await createFile(join(folder, '.gitignore'), '*\n');
}

async function* existing<T, R>(rotationId: string, entries: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
  try {
    return yield* entries;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new RotationError('NOT_FOUND', {
      subject: `rotation ${rotationId}`,
      hint: 'List the rotations with `keyturn rotations`.',
    });
  }
}

/** Made by whoever comes first; the others read it. */
async function createFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Key names and ids become folder names; anything else in them is percent-encoded. */
function safeName(name: string): string {
  return encodeURIComponent(name).replaceAll('.', '%2E');
}
