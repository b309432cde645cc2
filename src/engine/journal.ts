import type { JournalEntry, RotationEvent } from '../core/rotation/events.ts';

export interface Appended {
  /** The event with its place and time, as it stands in the journal. */
  readonly entry: JournalEntry;
  /**
   * Resolves once the entry is durable, with all that was appended before it.
   * @throws RotationError UNAVAILABLE when it could not be made durable; the journal then takes nothing more.
   */
  readonly durable: Promise<void>;
}

/**
 * The write-ahead log of one rotation. Whoever drives a rotation writes to one of these and knows nothing of
 * where it is kept.
 */
export interface Journal {
  append(event: RotationEvent): Appended;
  /** Resolves when everything appended so far is durable. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
