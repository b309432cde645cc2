import type { RotationEvent } from '../core/rotation/events.ts';

/**
 * The write-ahead log of one rotation. Whoever drives a rotation writes to one of these and knows nothing of
 * where it is kept.
 */
export interface Journal {
  /**
   * Adds an event. Resolves once it is durable, with all that was appended before it.
   * @throws RotationError UNAVAILABLE when it could not be made durable; the journal then takes nothing more.
   */
  append(event: RotationEvent): Promise<void>;
  /** Resolves when everything appended so far is durable. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
