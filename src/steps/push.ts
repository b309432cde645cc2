import { type Fields, sameFields } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { JsonObject } from '../core/json.ts';
import type { StoredSecret, WriteReceipt } from '../core/plugins/store.ts';
import type { Secret } from '../core/secret.ts';
import type { Reconciliation, Step, StepContext } from '../core/step.ts';
import { newKey } from './material.ts';
import {
  type Before,
  holdsPartOfOurs,
  holdsWhatItHeld,
  isOurs,
  lookBefore,
  valuesBefore,
} from './slot-before.ts';
import { type Target, valuesFor, writeContext } from './target.ts';

interface Pushed extends JsonObject {
  readonly version: string | null;
  readonly verifiedBy: 'read-back' | 'timestamp' | 'none';
  /** Epoch ms at which it was verified: an old key used later than this is still in use somewhere. */
  readonly at: number;
  readonly details: JsonObject | null;
}

export const pushId = (target: Pick<Target, 'id'>): string => `push:${target.id}`;

/** Writes the new key into one target, all parts in one write, and reads it back. */
export function push(target: Target): Step<Before, Pushed> {
  const id = pushId(target);
  return {
    id,
    effect: 'reversible',
    describe: () => ({ title: `Push to ${target.id}`, undo: UNDO[target.restore] }),
    prepare: (ctx) => lookBefore(target, ctx),
    run: (before, ctx) => write(target, before, id, ctx),
    reconcile: (before, ctx) => reconcile(target, before, ctx),
    compensate: (before, pushed, ctx) => restore(target, before, pushed, id, ctx),
  };
}

const UNDO = {
  version: 'the version before is brought back',
  value: 'the old value, sealed in the journal, is written back',
  none: 'cannot be taken back by keyturn',
} as const;

async function write(target: Target, before: Before, id: string, ctx: StepContext): Promise<Pushed> {
  const values = valuesFor(target, await newKey(ctx));
  const receipt = await target.store.write(
    target.slot,
    values,
    before.version ?? undefined,
    writeContext(id, ctx),
  );
  return confirm(target, values, receipt, ctx);
}

/** A store that says yes and holds something else has not been pushed to. */
async function confirm(
  target: Target,
  values: Fields<Secret>,
  receipt: WriteReceipt,
  ctx: StepContext,
): Promise<Pushed> {
  const pushed = { version: receipt.version ?? null, at: ctx.clock.now(), details: receipt.details ?? null };
  if (!target.capabilities.readable) return { ...pushed, verifiedBy: target.capabilities.evidence };
  const found = await readBack(target, ctx);
  if (found === undefined || !sameFields(found.fields, values)) {
    throw new RotationError('INDETERMINATE', {
      subject: target.id,
      action: 'read the new key back',
      reason: 'the write was accepted, but the store holds another value',
    });
  }
  return { ...pushed, verifiedBy: 'read-back' };
}

/** After a write, a read that fails proves nothing about the write. */
async function readBack(target: Target, ctx: StepContext): Promise<StoredSecret | undefined> {
  try {
    return await target.store.read(target.slot, ctx);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RotationError(
      'INDETERMINATE',
      { subject: target.id, action: 'read the new key back', reason },
      { cause },
    );
  }
}

async function reconcile(target: Target, before: Before, ctx: StepContext): Promise<Reconciliation<Pushed>> {
  // Without reading there is no telling, but writing the same value again does no harm.
  if (!target.capabilities.readable) return { state: 'absent' };
  const found = await target.store.read(target.slot, ctx);
  const values = valuesFor(target, await newKey(ctx));
  if (found !== undefined && sameFields(found.fields, values)) {
    return {
      state: 'applied',
      output: { version: found.version ?? null, verifiedBy: 'read-back', at: ctx.clock.now(), details: null },
    };
  }
  // Also when the write was cut in half: written again from the same pre-image, it fills in what is missing.
  if (found !== undefined && isOurs(found, before.fingerprints, values)) return { state: 'absent' };
  return {
    state: 'unknown',
    reason: `${target.id} holds neither the old nor the new key: somebody else wrote to it; put one of the two back`,
  };
}

async function restore(
  target: Target,
  before: Before,
  pushed: Pushed | undefined,
  id: string,
  ctx: StepContext,
): Promise<void> {
  const values = valuesFor(target, await newKey(ctx));
  if (target.capabilities.readable) {
    const found = await target.store.read(target.slot, ctx);
    if (found !== undefined && holdsWhatItHeld(found, before)) return;
    if (found === undefined || !isOurs(found, before.fingerprints, values)) {
      // Without an outcome nothing says that our value was ever there, and now no part of it is.
      if (
        pushed === undefined &&
        (found === undefined || !holdsPartOfOurs(found, before.fingerprints, values))
      )
        return;
      throw drifted(target);
    }
  }
  if (target.restore === 'none') throw cannotRestore(target);
  const receipt =
    pushed === undefined
      ? undefined
      : {
          version: pushed.version ?? undefined,
          ...(pushed.details === null ? {} : { details: pushed.details }),
        };
  const old = await valuesBefore(target, before, ctx);
  await target.store.restore(
    target.slot,
    { before: before.version ?? undefined, values: old, receipt, pushed: values },
    writeContext(id, ctx),
  );
  await assertRestored(target, before, ctx);
}

async function assertRestored(target: Target, before: Before, ctx: StepContext): Promise<void> {
  if (!target.capabilities.readable) return;
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
    reason: 'this store can neither restore nor be read, so the old value is not known',
    hint: 'Write the old key there by hand, then run `keyturn resume`.',
  });
}
