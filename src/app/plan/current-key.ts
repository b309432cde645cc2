import { type Credential, fingerprints } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Operator } from '../../core/operator.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { StoredSecret } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import type { BoundPlan, BoundTarget } from './bound-plan.ts';

export interface CurrentKey {
  readonly keyId: string;
  readonly key: Credential;
}

/** Names of the parts that the targets (or the issuer) need. */
function neededParts(bound: BoundPlan): ReadonlySet<string> {
  const used = bound.targets.flatMap((target) => Object.values(target.parts));
  return new Set([...bound.issuer.capabilities.parts, ...used]);
}

/** Takes from a person what is nowhere to be read. */
export type AskCurrent = (missing: readonly string[]) => Promise<Credential>;

/** Undefined where nobody is there to ask. */
export function askOperator(key: string, operator: Operator, signal: AbortSignal): AskCurrent | undefined {
  const { provideCurrentKey } = operator;
  if (provideCurrentKey === undefined) return undefined;
  return (missing) => provideCurrentKey.call(operator, key, missing, { signal });
}

/**
 * The key that is live now: from `current` in the config, else from the targets, part by part in their order, else from a person.
 * @throws RotationError NOT_FOUND when a part is nowhere to be read and nobody is there to ask
 */
export async function readCurrentKey(
  bound: BoundPlan,
  resolve: (reference: string) => Promise<Secret>,
  ask: AskCurrent | undefined,
  ctx: CallContext,
): Promise<CurrentKey> {
  const needed = neededParts(bound);
  const parts: Record<string, Secret> = { ...(await givenParts(bound, resolve)) };
  for (const target of bound.targets) {
    if ([...needed].every((name) => parts[name] !== undefined)) break;
    if (target.offers.readable) Object.assign(parts, { ...(await partsIn(target, ctx)), ...parts });
  }
  return identified(bound, parts, ask);
}

/** What the config says itself, with `current`. */
export async function givenParts(
  bound: BoundPlan,
  resolve: (reference: string) => Promise<Secret>,
): Promise<Credential> {
  const given: Record<string, Secret> = {};
  for (const [name, reference] of Object.entries(bound.plan.current ?? {}))
    given[name] = await resolve(reference);
  return given;
}

/** @throws RotationError NOT_FOUND when a part is missing and nobody is there to ask */
export async function identified(
  bound: BoundPlan,
  known: Credential,
  ask: AskCurrent | undefined,
): Promise<CurrentKey> {
  const missing = [...neededParts(bound)].filter((name) => known[name] === undefined);
  const parts = missing.length === 0 ? known : { ...known, ...(await ask?.(missing)) };
  if (missing.some((name) => parts[name] === undefined)) {
    throw new RotationError('NOT_FOUND', {
      subject: `the current key ${bound.plan.key}`,
      reason: `no readable target holds its ${missing.join(', ')}`,
      hint: 'Give it with `current` (a reference for each part) under the key in the config.',
    });
  }
  const keyId = bound.issuer.issuer.keyIdOf(parts) ?? Object.values(fingerprints(parts)).join('+');
  return { keyId, key: parts };
}

async function partsIn(target: BoundTarget, ctx: CallContext): Promise<Credential> {
  const found = await target.store.read(target.slot, ctx);
  return found === undefined ? {} : partsOf(target, found);
}

export function partsOf(target: Pick<BoundTarget, 'parts'>, found: StoredSecret): Credential {
  const parts: Record<string, Secret> = {};
  for (const [field, part] of Object.entries(target.parts)) {
    const value = found.fields[field];
    if (value !== undefined) parts[part] = value;
  }
  return parts;
}
