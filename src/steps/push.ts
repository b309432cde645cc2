import { type Fields, fingerprints, sameFields } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { JsonObject } from '../core/json.ts';
import type { StoredSecret, WriteReceipt } from '../core/plugins/store.ts';
import type { Secret } from '../core/secret.ts';
import type { Reconciliation, Step, StepContext } from '../core/step.ts';
import { newKey, oldKey } from './material.ts';
import { type Target, valuesFor, writeContext } from './target.ts';

/** What the slot held right before the push: all that is needed to put it back. */
interface Before extends JsonObject {
  readonly version: string | null;
  readonly fingerprints: Fields<string>;
  /** The old values, sealed; null where they are those of the old key, which is sealed already. */
  readonly sealed: Fields<string> | null;
}

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

async function lookBefore(target: Target, ctx: StepContext): Promise<Before> {
  if (!target.capabilities.readable) return { version: null, fingerprints: {}, sealed: null };
  const found = await target.store.read(target.slot, ctx);
  if (found === undefined) throw vanished(target);
  const now = fingerprints(found.fields);
  if (target.seen !== undefined && !sameText(now, target.seen)) throw changedSincePreflight(target);
  return {
    version: found.version ?? null,
    fingerprints: now,
    sealed: sameFields(found.fields, valuesFor(target, await oldKey(ctx)))
      ? null
      : await sealAll(found.fields, ctx),
  };
}

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
  if (found !== undefined && holdsWhatItHeld(found, before)) return { state: 'absent' };
  if (found !== undefined && isWrittenByUs(found, before, values)) {
    return {
      state: 'unknown',
      reason: `${target.id} holds one part of the old key and one of the new: the write was cut in half; \`keyturn rollback\` puts the old one back`,
    };
  }
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
    if (found === undefined || !isWrittenByUs(found, before, values)) {
      // Without an outcome nothing says that our value was ever there, and now it is not.
      if (pushed === undefined) return;
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
  const old = await oldValues(target, before, ctx);
  await target.store.restore(
    target.slot,
    { before: before.version ?? undefined, values: old, receipt, pushed: values },
    writeContext(id, ctx),
  );
  await assertRestored(target, before, ctx);
}

async function oldValues(
  target: Target,
  before: Before,
  ctx: StepContext,
): Promise<Fields<Secret> | undefined> {
  if (before.sealed !== null) return unsealAll(before.sealed, ctx);
  return target.capabilities.readable ? valuesFor(target, await oldKey(ctx)) : undefined;
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

function holdsWhatItHeld(found: StoredSecret, before: Before): boolean {
  return sameText(fingerprints(found.fields), before.fingerprints);
}

/**
 * Each field holds what it held or what we wrote, so nobody else was there. The whole new key is one such state; so
 * is half a pair, where a store that writes field by field was cut off.
 */
function isWrittenByUs(found: StoredSecret, before: Before, values: Fields<Secret>): boolean {
  return Object.entries(values).every(([name, ours]) => {
    const now = found.fields[name];
    return now?.equals(ours) === true || now?.fingerprint() === before.fingerprints[name];
  });
}

function sameText(left: Fields<string>, right: Fields<string>): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

async function sealAll(fields: Fields<Secret>, ctx: StepContext): Promise<Fields<string>> {
  const entries = Object.entries(fields).map(
    async ([name, secret]) => [name, await ctx.seal(secret)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function unsealAll(sealed: Fields<string>, ctx: StepContext): Promise<Fields<Secret>> {
  const entries = Object.entries(sealed).map(async ([name, text]) => [name, await ctx.unseal(text)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function vanished(target: Target): RotationError {
  return new RotationError('DRIFT', {
    subject: target.id,
    reason: 'the slot was there in preflight and is gone',
  });
}

function changedSincePreflight(target: Target): RotationError {
  return new RotationError('DRIFT', {
    subject: target.id,
    reason: 'its value is not the one preflight saw: somebody else changed it meanwhile',
    hint: 'It was left alone. Find out what it holds now, then plan and rotate again.',
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
