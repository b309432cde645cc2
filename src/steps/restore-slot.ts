import type { Fields } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { Secret } from '../core/secret.ts';
import type { StepContext } from '../core/step.ts';
import { newKey } from './material.ts';
import { type Pushed, receiptOf } from './pushed.ts';
import { type Before, holdsPartOfOurs, holdsWhatItHeld, isOurs, valuesBefore } from './slot-before.ts';
import { type Target, valuesFor, writeContext } from './target.ts';

/** Puts back what the slot held before the push, unless somebody else wrote to it meanwhile. */
export async function restoreSlot(
  target: Target,
  before: Before,
  pushed: Pushed | undefined,
  { id, again }: { readonly id: string; readonly again: boolean },
  ctx: StepContext,
): Promise<void> {
  const values = valuesFor(target, await newKey(ctx));
  if (target.offers.readable) {
    if (!(await holdsOurs(target, before, pushed, values, ctx))) {
      // The slot shows nothing of it, but a push that was cut short may have made something already.
      await target.store.abandon?.(target.slot, writeContext(id, ctx));
      return;
    }
  } else if (!again) await assertNotOverwritten(target, pushed, ctx);
  if (target.restore === 'none') throw cannotRestore(target);
  const receipt = pushed === undefined ? undefined : receiptOf(pushed);
  const old = await valuesBefore(target, before, ctx);
  await target.store.restore(
    target.slot,
    { before: before.version ?? undefined, values: old, receipt, pushed: values },
    writeContext(id, ctx),
  );
  await assertRestored(target, before, ctx);
}

/** Whether there is something to put back. @throws RotationError DRIFT */
async function holdsOurs(
  target: Target,
  before: Before,
  pushed: Pushed | undefined,
  values: Fields<Secret>,
  ctx: StepContext,
): Promise<boolean> {
  const found = await target.store.read(target.slot, ctx);
  if (found !== undefined && holdsWhatItHeld(found, before)) return false;
  if (found !== undefined && isOurs(found, before.fingerprints, values)) return true;
  // Without an outcome nothing says that our value was ever there, and now no part of it is.
  const neverThere =
    pushed === undefined && (found === undefined || !holdsPartOfOurs(found, before.fingerprints, values));
  if (neverThere) return false;
  throw drifted(target);
}

/** Only once: our own way back moves the stamp too, and whoever asks again has looked. */
async function assertNotOverwritten(
  target: Target,
  pushed: Pushed | undefined,
  ctx: StepContext,
): Promise<void> {
  if (pushed?.verifiedBy !== 'timestamp') return;
  const found = await target.store.read(target.slot, ctx);
  if (found?.version !== pushed.version) throw drifted(target);
}

async function assertRestored(target: Target, before: Before, ctx: StepContext): Promise<void> {
  if (!target.offers.readable) return;
  const found = await target.store.read(target.slot, ctx);
  if (found !== undefined && holdsWhatItHeld(found, before)) return;
  throw new RotationError('INDETERMINATE', {
    subject: target.id,
    action: 'read the restored value back',
    reason: 'the store accepted the restore, but does not hold the old value',
  });
}

function drifted(target: Target): RotationError {
  return new RotationError('DRIFT', {
    subject: target.id,
    action: 'put the old value back',
    reason: 'somebody else wrote to it after the push',
    hint: 'It was left alone. Decide which value is right, write it there by hand, then run `keyturn resume`.',
  });
}

function cannotRestore(target: Target): RotationError {
  return new RotationError('REFUSED', {
    subject: target.id,
    action: 'put the old value back',
    reason: 'this store cannot take an old value back',
    hint: 'Write the old key there by hand, then run `keyturn resume`.',
  });
}
