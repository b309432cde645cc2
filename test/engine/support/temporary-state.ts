import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SealingKeys } from '../../../src/engine/file-storage/data-key.ts';
import { createFileStorage } from '../../../src/engine/file-storage/file-storage.ts';
import type { RotationStorage } from '../../../src/engine/storage.ts';
import { virtualClock } from '../../../src/lib/virtual-clock.ts';

export interface TemporaryState {
  readonly path: string;
  readonly identityPath: string;
  /** As another process, or another machine, would open it. */
  open(keys?: Partial<SealingKeys>): RotationStorage;
  remove(): Promise<void>;
}

/** A state folder on a real file system, with the age identity apart from it. */
export async function temporaryState(): Promise<TemporaryState> {
  const root = await mkdtemp(join(tmpdir(), 'keyturn-state-'));
  const identityPath = join(root, 'home/identity.txt');
  const path = join(root, 'state');
  return {
    path,
    identityPath,
    open: (keys) =>
      createFileStorage({
        folder: path,
        clock: virtualClock(Date.UTC(2026, 0, 1)),
        sealingKeys: async () => ({
          recipients: [],
          identity: undefined,
          passphrase: undefined,
          identityPath,
          ...keys,
        }),
      }),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
