import { type FileHandle, open } from 'node:fs/promises';
import { createFileJournal } from '../../../src/engine/file-storage/file-journal.ts';
import { GENESIS } from '../../../src/engine/file-storage/journal-line.ts';
import type { Journal } from '../../../src/engine/journal.ts';
import { virtualClock } from '../../../src/lib/virtual-clock.ts';
import { engineFolder, NOW } from './engine-folder.ts';

export interface StubbornDisk {
  readonly path: string;
  readonly journal: Journal;
  /** Syncs begun from now on end only with `letGo` or `fail`. */
  hold(): void;
  letGo(): void;
  /** What is held fails with this message. */
  fail(message: string): void;
  /** Resolves once a sync has begun since the last `hold`. */
  syncAsked(): Promise<void>;
  syncs(): number;
}

/** A journal over a real file, whose syncs a test can hold up and let fail. */
export async function stubbornDisk(rotationId: string): Promise<StubbornDisk> {
  const folder = engineFolder();
  await (await folder.storage.createJournal(rotationId)).close();
  const path = folder.journalPath(rotationId);
  const file = await open(path, 'r+');
  let syncs = 0;
  let verdict = deferred();
  let asked = deferred();
  verdict.resolve();

  const datasync = async (): Promise<void> => {
    syncs += 1;
    asked.resolve();
    await verdict.promise;
    await file.datasync();
  };
  const handle = { fd: file.fd, datasync, close: () => file.close() } as unknown as FileHandle;

  return {
    path,
    journal: createFileJournal(handle, { bytes: 0, lines: 0, hash: GENESIS }, path, virtualClock(NOW)),
    hold: () => {
      verdict = deferred();
      asked = deferred();
    },
    letGo: () => {
      verdict.resolve();
      verdict = deferred();
      verdict.resolve();
    },
    fail: (message) => verdict.reject(new Error(message)),
    syncAsked: () => asked.promise,
    syncs: () => syncs,
  };
}

interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

function deferred(): Deferred {
  let resolve = (): void => {};
  let reject = (_error: Error): void => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
