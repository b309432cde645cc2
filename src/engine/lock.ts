export interface LockRequest {
  readonly key: string;
  readonly rotationId: string;
  /** Whether a rotation has begun and not ended: only then does it keep the key while nobody drives it. */
  readonly isOpen: (rotationId: string) => Promise<boolean>;
}

/** Held by the process that drives a rotation. */
export interface Lock {
  /** Rises with each holder. */
  readonly fence: number;
  /** @throws RotationError LOCKED when somebody else has taken over meanwhile */
  assertHeld(): Promise<void>;
  /** The rotation keeps the key when it is still open; the driver lets go. */
  release(): Promise<void>;
}
