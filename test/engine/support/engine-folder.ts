import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { JournalEntry } from '../../../src/core/rotation/events.ts';
import type { SealingKeys } from '../../../src/engine/file-storage/data-key.ts';
import { createFileStorage } from '../../../src/engine/file-storage/file-storage.ts';
import type { RotationStorage } from '../../../src/engine/storage.ts';
import { virtualClock } from '../../../src/lib/virtual-clock.ts';

export interface EngineFolder {
  readonly root: string;
  /** Does not exist yet: the storage makes it. */
  readonly state: string;
  readonly identityPath: string;
  readonly storage: RotationStorage;
  /** Another process's view of the same folder, perhaps with other keys. */
  open(keys?: Partial<SealingKeys>): RotationStorage;
  journalPath(rotationId: string): string;
}

export const NOW = Date.UTC(2031, 4, 5, 6, 7, 8);

/** A state folder and an identity folder of its own for one test. */
export function engineFolder(): EngineFolder {
  const root = mkdtempSync(join(tmpdir(), 'keyturn-engine-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const state = join(root, 'project', '.keyturn');
  const identityPath = join(root, 'home', 'keyturn', 'identity.txt');
  const open = (keys: Partial<SealingKeys> = {}): RotationStorage =>
    createFileStorage({
      folder: state,
      clock: virtualClock(NOW),
      sealingKeys: async () => ({
        recipients: [],
        identity: undefined,
        passphrase: undefined,
        identityPath,
        ...keys,
      }),
    });
  return {
    root,
    state,
    identityPath,
    storage: open(),
    open,
    journalPath: (rotationId) => join(state, 'rotations', rotationId, 'journal.jsonl'),
  };
}

export async function entriesOf(storage: RotationStorage, rotationId: string): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of storage.entries(rotationId)) entries.push(entry);
  return entries;
}
