import { RotationError } from '../core/errors/rotation-error.ts';
import type { Issuer, IssuerCapabilities, KeyRecord } from '../core/plugins/issuer.ts';
import type { Reconciliation, StepContext } from '../core/step.ts';
import type { SealedKey } from './material.ts';

/** What is known of the issuer right before a key is made there. */
export interface BeforeCreate {
  /** Ids that existed before: what is new after a lost answer may be ours. */
  readonly known: readonly string[] | null;
  /** Epoch ms of the intent. */
  readonly at: number;
  /**
   * Names this attempt at the issuer: the rotation id and the time of the intent. The same for every retry of one
   * intent, another one after an orphan was discarded, so that an idempotent API does not answer with the dead key.
   */
  readonly label: string;
  readonly [key: string]: readonly string[] | number | string | null;
}

/** How the keys of this issuer come about. */
export interface KeyMaking {
  readonly made: IssuerCapabilities['create'];
  /** From the first request to the last answer of one create, in ms: tries, and pauses between them, included. */
  readonly longestCreateMs: number;
}

/** How far our clock and the issuer's may be apart. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Room for a slow disk between intent and request. */
const SHORTEST_INTENT_MS = 60_000;

/**
 * How long after its intent a create may begin. After this long the issuer has told everybody of every key there was:
 * a list that is older is worth another look.
 */
export function intentGoodForMs(issuer: Issuer): number {
  return Math.max(issuer.propagation.deadlineMs, SHORTEST_INTENT_MS);
}

/** No key in the list is believed only as often as this issuer needs: a key made a moment ago may be listed late. */
export async function findOrphan(
  issuer: Issuer,
  before: BeforeCreate,
  making: KeyMaking,
  ctx: StepContext,
): Promise<Reconciliation<SealedKey>> {
  for (let looked = 1; ; looked += 1) {
    const found = await lookForOrphan(issuer, before, making, ctx);
    const listed = making.made === 'api' && found.state === 'absent';
    if (!listed || looked >= issuer.propagation.confirmations) return found;
    await ctx.clock.sleep(issuer.propagation.intervalMs, ctx.signal);
  }
}

/** @throws RotationError INDETERMINATE when it cannot be told */
export async function orphanOf(
  issuer: Issuer,
  before: BeforeCreate,
  making: KeyMaking,
  ctx: StepContext,
): Promise<SealedKey | undefined> {
  const found = await findOrphan(issuer, before, making, ctx);
  if (found.state === 'unknown') {
    throw new RotationError('INDETERMINATE', {
      subject: 'the new key',
      action: 'find out whether it exists',
      reason: found.reason,
    });
  }
  return found.state === 'orphaned' ? found.output : undefined;
}

async function lookForOrphan(
  issuer: Issuer,
  before: BeforeCreate,
  making: KeyMaking,
  ctx: StepContext,
): Promise<Reconciliation<SealedKey>> {
  // Made here, or pasted by a person: without an outcome there is nothing at the issuer that is ours.
  if (making.made !== 'api') return { state: 'absent' };
  // There is one key, and nobody has it: the next try replaces it.
  if (issuer.overlap === false) return { state: 'absent' };
  if (issuer.listKeys === undefined || before.known === null) {
    return {
      state: 'unknown',
      reason: `this issuer cannot list keys; look there for one labelled ${ctx.rotationId}`,
    };
  }
  const known = new Set(before.known);
  const latest = before.at + intentGoodForMs(issuer) + making.longestCreateMs;
  // Where ids come back (of two roles that take turns), one that was there before is ours by the label of this attempt.
  const candidates = (await issuer.listKeys(ctx)).filter((key) =>
    known.has(key.id)
      ? key.label?.includes(before.label) === true
      : mayBeOurs(key, ctx.rotationId, before.at, latest),
  );
  const [only, another] = candidates;
  if (only === undefined) return { state: 'absent' };
  if (another !== undefined) {
    const ids = candidates.map((key) => key.id).join(', ');
    return {
      state: 'unknown',
      reason: `more than one key is new: ${ids}; delete the ones nobody uses at the issuer`,
    };
  }
  // A key that was used has an owner: its secret reached somebody, and it was not us.
  const usage = await issuer.lastUsed?.(only, ctx);
  if (usage?.lastUsedAt !== undefined) {
    return { state: 'unknown', reason: `key ${only.id} is new but in use; it is not ours to remove` };
  }
  return { state: 'orphaned', output: { keyId: only.id, parts: {} } };
}

/**
 * By its label. Without one, by the time it was made: a key from before our request can have been sent, or from after
 * it can have been under way, is somebody else's.
 */
function mayBeOurs(key: KeyRecord, label: string, earliest: number, latest: number): boolean {
  if (key.label !== undefined) return key.label.includes(label);
  const made = Date.parse(key.createdAt ?? '');
  // An issuer that does not tell the time, or not so that we understand it, excludes nothing.
  if (Number.isNaN(made)) return true;
  return made >= earliest - CLOCK_SKEW_MS && made <= latest + CLOCK_SKEW_MS;
}
