import { type Fields, fingerprints, sameFields } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { JsonObject } from '../core/json.ts';
import type { StoredSecret } from '../core/plugins/store.ts';
import type { Secret } from '../core/secret.ts';
import type { StepContext } from '../core/step.ts';
import { newKey, oldKey } from './material.ts';
import { type Target, valuesFor } from './target.ts';

/** What the slot held right before the push: all that is needed to put it back. */
export interface Before extends JsonObject {
  readonly version: string | null;
  readonly fingerprints: Fields<string>;
  /** The old values, sealed; null where they are those of the old key, which is sealed already. */
  readonly sealed: Fields<string> | null;
}

/** @throws RotationError DRIFT when the slot does not hold what preflight saw there */
export async function lookBefore(target: Target, ctx: StepContext): Promise<Before> {
  const found = await target.store.read(target.slot, ctx);
  if (found === undefined) throw vanished(target);
  if (!target.offers.readable) return { version: found.version ?? null, fingerprints: {}, sealed: null };
  const now = fingerprints(found.fields);
  if (target.seen !== undefined && !sameText(now, target.seen))
    return beforeOurs(target, found, target.seen, ctx);
  return {
    version: found.version ?? null,
    fingerprints: now,
    sealed: sameFields(found.fields, valuesFor(target, await oldKey(ctx)))
      ? null
      : await sealAll(found.fields, ctx),
  };
}

/**
 * A push of this rotation that failed for good between two writes leaves half a pair, and is begun anew: what stood
 * before it is told by what preflight saw. A slot with compare-and-set is written all at once, so half a pair there
 * is not ours; all of the new key is, whoever has written it: a push that failed too late, or a person who had the key
 * and helped. Neither version is one to go back to.
 */
async function beforeOurs(
  target: Target,
  found: StoredSecret,
  seen: Fields<string>,
  ctx: StepContext,
): Promise<Before> {
  const old = valuesFor(target, await oldKey(ctx));
  const wasOld = Object.entries(old).every(([name, value]) => value.fingerprint() === seen[name]);
  const values = valuesFor(target, await newKey(ctx));
  const ours = holdsValues(found, values) || (!target.offers.cas && isOurs(found, seen, values));
  if (!wasOld || !ours) throw changedSincePreflight(target);
  return { version: null, fingerprints: seen, sealed: null };
}

export async function valuesBefore(
  target: Target,
  before: Before,
  ctx: StepContext,
): Promise<Fields<Secret>> {
  if (before.sealed !== null) return unsealAll(before.sealed, ctx);
  // Of a slot that cannot be read too: on the word of the config that it held the key that is rotated.
  return valuesFor(target, await oldKey(ctx));
}

export function holdsWhatItHeld(found: StoredSecret, before: Before): boolean {
  return found.unsettled !== true && sameText(fingerprints(found.fields), before.fingerprints);
}

export function holdsValues(found: StoredSecret, values: Fields<Secret>): boolean {
  return found.unsettled !== true && sameFields(found.fields, values);
}

/**
 * Each field holds what it held or what we wrote, so nobody else was there. The whole old key and the whole new one are
 * such states; so is half a pair, where a store that writes field by field was cut off.
 */
export function isOurs(found: StoredSecret, before: Fields<string>, values: Fields<Secret>): boolean {
  return Object.entries(values).every(([name, ours]) => {
    const now = found.fields[name];
    return now?.equals(ours) === true || now?.fingerprint() === before[name];
  });
}

/** Beside somebody else's value: a part that did not change is no trace of ours. */
export function holdsPartOfOurs(
  found: StoredSecret,
  before: Fields<string>,
  values: Fields<Secret>,
): boolean {
  return Object.entries(values).some(
    ([name, ours]) => found.fields[name]?.equals(ours) === true && ours.fingerprint() !== before[name],
  );
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
