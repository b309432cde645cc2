import type { JournalEntry } from '../core/rotation/events.ts';
import type { Journal } from './journal.ts';
import type { Lock, LockRequest } from './lock.ts';
import type { Sealer } from './sealer.ts';

/** Where rotations live. Files today; a shared database can take their place. */
export interface RotationStorage {
  /** 32 bytes, made on first use: fingerprints are comparable wherever this storage is used. */
  fingerprintKey(): Promise<Uint8Array>;
  /** Ids, oldest first. */
  rotationIds(): Promise<readonly string[]>;
  /** Verified entries, without opening for writing. @throws RotationError NOT_FOUND, REFUSED */
  entries(rotationId: string): AsyncIterable<JournalEntry>;
  createJournal(rotationId: string): Promise<Journal>;
  /** Verifies, cuts a torn tail, and gives each entry to `onEntry` before it resolves. */
  openJournal(rotationId: string, onEntry: (entry: JournalEntry) => void): Promise<Journal>;
  /** @throws RotationError LOCKED naming the holder */
  acquireLock(request: LockRequest): Promise<Lock>;
  /** Makes the rotation's data key on first use. */
  sealer(rotationId: string): Promise<Sealer>;
  /** Destroys the data key: nothing sealed in the journal can be opened any more. */
  destroySealed(rotationId: string): Promise<void>;
  /** A signed record beside the journal. */
  writeReceipt(rotationId: string, text: string): Promise<void>;
  readReceipt(rotationId: string): Promise<string | undefined>;
}
