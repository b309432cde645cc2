import { sameFields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Restoration, Slot } from '../../core/plugins/store.ts';
import { ownFields, rawValues, withEntries } from './kv-document.ts';
import type { KvEngine } from './kv-engine.ts';
import type { RawObject } from './raw-object.ts';
import type { Location } from './secret-path.ts';

/**
 * Puts our fields back as they were, on top of what the secret holds now: neighbours that somebody changed since
 * the push stay changed. Done already (an answer that was lost) is success.
 * @throws RotationError DRIFT, CONFLICT, REFUSED
 */
export async function restoreSlot(
  engine: KvEngine,
  location: Location,
  slot: Slot,
  restoration: Restoration,
  ctx: CallContext,
): Promise<void> {
  const current = await engine.read(location, ctx);
  if (current === undefined) throw drift(location, 'the secret is gone');
  if (current.version === restoration.before) return;
  const old = await oldEntries(engine, location, slot, restoration, ctx);
  const wanted = withEntries(
    current.entries,
    slot.fields.map((field) => [field, old.get(field)] as const),
  );
  const now = ownFields(slot, current.entries);
  if (sameFields(now, ownFields(slot, wanted))) return;
  if (!sameFields(now, restoration.pushed)) {
    throw drift(location, 'it no longer holds what this rotation wrote');
  }
  await engine.replace(location, wanted, current, ctx);
}

/** From the version before, number for number; from the sealed values only when that version is gone. */
async function oldEntries(
  engine: KvEngine,
  location: Location,
  slot: Slot,
  { before, values }: Restoration,
  ctx: CallContext,
): Promise<RawObject> {
  const document = before === undefined ? undefined : await engine.readVersion(location, before, ctx);
  if (document !== undefined) return document.entries;
  if (before !== undefined && values !== undefined) return new Map(rawValues(values));
  throw new RotationError('REFUSED', {
    subject: location.subject,
    action: RESTORE,
    reason:
      before === undefined
        ? `there was no secret before the push, so nothing of ${slot.fields.join(', ')} can be brought back`
        : `version ${before} is gone, and its value was not kept`,
    hint: 'Write the old value (or delete the secret) by hand, then run `keyturn resume`.',
  });
}

const RESTORE = 'put the old value back';

function drift(location: Location, reason: string): RotationError {
  return new RotationError('DRIFT', { subject: location.subject, action: RESTORE, reason });
}
