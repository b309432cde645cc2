import type { Fields } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { StoredSecret, WriteReceipt } from '../core/plugins/store.ts';
import type { Secret } from '../core/secret.ts';
import type { Reconciliation, Step, StepContext } from '../core/step.ts';
import { newKey } from './material.ts';
import type { Pushed } from './pushed.ts';
import { restoreSlot } from './restore-slot.ts';
import { type Before, holdsValues, isOurs, lookBefore } from './slot-before.ts';
import { type Target, valuesFor, writeContext } from './target.ts';

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
    compensate: (before, pushed, ctx, attempt) =>
      restoreSlot(target, before, pushed, { id, again: attempt?.again === true }, ctx),
  };
}

const UNDO = {
  version: 'the version before is brought back',
  value: 'the old value, sealed in the journal, is written back',
  none: 'cannot be taken back by keyturn',
} as const;

async function write(target: Target, before: Before, id: string, ctx: StepContext): Promise<Pushed> {
  const values = valuesFor(target, await newKey(ctx));
  if (before.version === null && target.offers.cas) {
    // Without a version such a store takes no more than a new slot; this one holds the new key already.
    const found = await reconcile(target, before, ctx);
    if (found.state === 'applied') return found.output;
  }
  const receipt = await target.store.write(
    target.slot,
    values,
    before.version ?? undefined,
    writeContext(id, ctx),
  );
  return target.offers.readable
    ? confirm(target, before, values, receipt, ctx)
    : confirmBlind(target, before, receipt, ctx);
}

/** A store that says yes and holds something else has not been pushed to. */
async function confirm(
  target: Target,
  before: Before,
  values: Fields<Secret>,
  receipt: WriteReceipt,
  ctx: StepContext,
): Promise<Pushed> {
  const at = ctx.clock.now();
  const found = await readBack(target, ctx);
  if (found === undefined || !holdsValues(found, values)) {
    throw new RotationError('INDETERMINATE', {
      subject: target.id,
      action: 'read the new key back',
      reason: 'the write was accepted, but the store holds another value',
    });
  }
  const { version = null, details = null } = receipt;
  return { version, replaced: before.version, verifiedBy: 'read-back', at, details };
}

/** What cannot be read can at least say that it was updated; the same stamp as before proves nothing. */
async function confirmBlind(
  target: Target,
  before: Before,
  receipt: WriteReceipt,
  ctx: StepContext,
): Promise<Pushed> {
  const at = ctx.clock.now();
  const stamp = (await readBack(target, ctx))?.version ?? null;
  const moved = target.offers.evidence === 'timestamp' && stamp !== null && stamp !== before.version;
  const verifiedBy = moved ? 'timestamp' : 'none';
  return { version: stamp, replaced: before.version, verifiedBy, at, details: receipt.details ?? null };
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
  if (!target.offers.readable) return { state: 'absent' };
  const found = await target.store.read(target.slot, ctx);
  const values = valuesFor(target, await newKey(ctx));
  if (found !== undefined && holdsValues(found, values)) {
    const { version = null } = found;
    const at = ctx.clock.now();
    const output = { version, replaced: before.version, verifiedBy: 'read-back', at, details: null } as const;
    return { state: 'applied', output };
  }
  // Also when the write was cut in half: written again from the same pre-image, it fills in what is missing.
  if (found !== undefined && isOurs(found, before.fingerprints, values)) return { state: 'absent' };
  return {
    state: 'unknown',
    reason: `${target.id} holds neither the old nor the new key: somebody else wrote to it; put one of the two back`,
  };
}
