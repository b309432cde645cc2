import { sameFields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, Slot } from '../../core/plugins/store.ts';
import { readSlot, type TextLimit, writeSlot } from './slot-text.ts';

/** How a secret that is one text gets its old value back. */
export type WayBack =
  /** It holds the old value. */
  | { readonly kind: 'nothing' }
  /** Nobody has written since the push: the old version as a whole. */
  | { readonly kind: 'old-version'; readonly text: string }
  /** Somebody has written beside our fields (or the old version is no more): what is there now with the old values in it. */
  | { readonly kind: 'write'; readonly text: string };

/**
 * Decides it from the texts, so that it needs no receipt of the push.
 * @throws RotationError DRIFT when our fields hold something else by now, or the old value cannot be found
 */
export function wayBack(
  { slot, subject, limit }: { readonly slot: Slot; readonly subject: string; readonly limit: TextLimit },
  { old, now }: { readonly old: string | undefined; readonly now: string },
  { before, values, pushed }: Restoration,
): WayBack {
  const wanted = values ?? (old === undefined ? undefined : readSlot(slot, old, subject));
  const present = readSlot(slot, now, subject);
  if (wanted !== undefined && sameFields(present, wanted)) return { kind: 'nothing' };
  if (!sameFields(present, pushed)) throw drift(subject, 'it holds neither the old nor the new value');
  if (wanted === undefined) {
    const version = before === undefined ? 'the version before' : `version ${before}`;
    throw drift(subject, `${version} cannot be read any more, and the old value is not known`);
  }
  if (old !== undefined && isPushOf(slot, old, now, pushed)) return { kind: 'old-version', text: old };
  return { kind: 'write', text: writeSlot(slot, now, wanted, { subject, limit }) };
}

export function drift(subject: string, reason: string): RotationError {
  return new RotationError('DRIFT', { subject, action: 'bring the old value back', reason });
}

const NO_LIMIT: TextLimit = { bytes: Number.POSITIVE_INFINITY, of: 'a comparison' };

/** Whether what is there now is what a push makes of the old text. */
function isPushOf(slot: Slot, old: string, now: string, pushed: Restoration['pushed']): boolean {
  try {
    return writeSlot(slot, old, pushed, { subject: '', limit: NO_LIMIT }) === now;
  } catch {
    // The old text had no place for our fields: whatever is there now, it was not made of it.
    return false;
  }
}
