import type { Fields } from '../credential.ts';
import type { Finding } from '../finding.ts';
import type { JsonObject } from '../json.ts';
import type { Secret } from '../secret.ts';
import type { CallContext } from './contexts.ts';

/** The field of a slot that is one value as a whole (a plain-text secret, a variable). */
export const WHOLE = '';

/** One place in a store: a path, an id, a file, and the fields in it that belong to the key. */
export interface Slot {
  readonly ref: string;
  /** At least one; `['']` (WHOLE) when the slot is a single value. All are read, written and restored together. */
  readonly fields: readonly string[];
}

/** Opaque to everyone but the store that gave it. */
export type Version = string;

export interface StoredSecret {
  /** Only the slot's own fields, and only those that exist and are not empty. */
  readonly fields: Fields<Secret>;
  /** Undefined where the store has no versions: then a hash of the content, or nothing. */
  readonly version: Version | undefined;
  /** ISO 8601, where the store tells. */
  readonly updatedAt?: string;
  /**
   * A push was cut in half: `fields` are those before it, but some readers were led to the new ones already. Of stores
   * whose objects are immutable; such a slot holds neither the old key nor the new one.
   */
  readonly unsettled?: true;
}

/** How the old value comes back: by the store's own version, by writing the sealed value, or not at all. */
export type RestoreKind = 'version' | 'value' | 'none';

/** What proves that a push arrived: the value itself, the system's word on when it was updated, or nothing. */
export type PushEvidence = 'read-back' | 'timestamp' | 'none';

/** What a slot can be asked for. */
export interface SlotOffers {
  /** Its values are shown: all of them. Half a pair that can be read is none. */
  readonly readable: boolean;
  /** Compare-and-set: a write based on an old version is refused with CONFLICT. */
  readonly cas: boolean;
  readonly evidence: PushEvidence;
}

/** What a store of this kind can do at best; preflight tells what one slot really offers. */
export interface StoreCapabilities extends SlotOffers {
  readonly versioned: boolean;
  readonly restore: RestoreKind;
  /** Largest value in UTF-8 bytes, where one is documented. */
  readonly maxBytes: number | undefined;
}

/** Who the tool acts as, and where: compared with `expect` before anything is written. */
export interface StoreIdentity {
  readonly display: string;
  /** `account`, `region`, `namespace`, `address` …: what `expect` may name. */
  readonly attributes: Fields<string>;
}

export interface SlotReport {
  readonly findings: readonly Finding[];
  readonly restore: RestoreKind;
  readonly cas: boolean;
  /** As the descriptor says, unless told; so is `evidence`. */
  readonly readable?: boolean;
  readonly evidence?: PushEvidence;
}

/** JSON, without plaintext: it goes into the journal and the receipt. */
export interface WriteReceipt {
  /** The version this write made, where the store tells. */
  readonly version: Version | undefined;
  readonly details?: JsonObject;
}

export interface WriteContext extends CallContext {
  /** The same for every attempt of the same push: a UUID derived from rotation and target. */
  readonly idempotencyToken: string;
  /** Shown where a store keeps a trail of who wrote. */
  readonly rotationId: string;
}

export interface Restoration {
  /** The version that was live before the push. */
  readonly before: Version | undefined;
  /** The old values: as they were read before the push; of a slot that cannot be read, those of the old key. */
  readonly values: Fields<Secret> | undefined;
  /** Undefined when the answer to the write was lost. */
  readonly receipt: WriteReceipt | undefined;
  /** What the push wrote: a store must not overwrite anything else. */
  readonly pushed: Fields<Secret>;
}

/** What a rotation knows of a push at its end, also of one whose answer was lost. */
export interface FinishedPush {
  /** The version that was live before it. */
  readonly replaced: Version | undefined;
  readonly receipt: WriteReceipt;
}

export interface Store {
  /** @throws RotationError UNAUTHENTICATED, PERMISSION_DENIED, UNAVAILABLE, TIMEOUT */
  whoami(ctx: CallContext): Promise<StoreIdentity>;
  /** Looks for everything that would stop a write or a restore. Changes nothing. Reports, rather than throws, what it finds. */
  preflight(slot: Slot, ctx: CallContext): Promise<SlotReport>;
  /**
   * Undefined when the slot does not exist. Of a slot that cannot be read `fields` is empty, and `version` is what
   * the store tells of the last update: another one after each write.
   */
  read(slot: Slot, ctx: CallContext): Promise<StoredSecret | undefined>;
  /**
   * Writes all fields of the slot at once and leaves everything beside them as it was.
   * `expected` is the version the caller has read; a store with compare-and-set refuses when it is not current.
   * @throws RotationError CONFLICT when `expected` is not current; INDETERMINATE when the answer was lost.
   */
  write(
    slot: Slot,
    values: Fields<Secret>,
    expected: Version | undefined,
    ctx: WriteContext,
  ): Promise<WriteReceipt>;
  /**
   * Brings back what was live before. Called only while the slot still holds what this rotation pushed.
   * @throws RotationError CONFLICT or DRIFT when somebody else wrote meanwhile.
   */
  restore(slot: Slot, restoration: Restoration, ctx: WriteContext): Promise<void>;
  /**
   * Called in place of `restore` where there is nothing to put back: removes what a push of this rotation that was cut
   * short, or its way back, has left behind and nobody uses (the immutable secret that was made, and that no reader was
   * led to). `idempotencyToken` is that of the push. Absent is success; what others have made stays.
   * @throws RotationError REFUSED while somebody uses it
   */
  abandon?(slot: Slot, ctx: WriteContext): Promise<void>;
  /**
   * Called once, at the end of a rotation that is not taken back any more: removes what only the way back needed (the
   * immutable secret that another one has replaced). Absent is success; what keyturn has not made or replaced stays.
   */
  tidy?(slot: Slot, push: FinishedPush, ctx: WriteContext): Promise<void>;
  /** Gives up sessions, tokens and sockets. */
  close?(): Promise<void>;
}
