import { sameFields } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { Issuer, IssuerCapabilities, KeyRecord } from '../core/plugins/issuer.ts';
import type { Reconciliation, Step, StepContext } from '../core/step.ts';
import { CREATE_KEY, oldKey, type SealedKey, sealKey } from './material.ts';

interface Before {
  /** Ids that existed before: what is new after a lost answer is ours. */
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

/** A clock of ours that is this much ahead of the issuer's still finds the key it made. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Makes the new key, once. A create whose answer was lost leaves a key whose secret nobody has: it is found by
 * label or by comparing the list with the one before, removed, and only then is another one made.
 */
export function createKey(
  issuer: Issuer,
  settings: { readonly made: IssuerCapabilities['create']; readonly title: string },
): Step<Before, SealedKey> {
  return {
    id: CREATE_KEY,
    effect: 'reversible',
    describe: () => ({ title: settings.title, undo: 'the new key is deleted' }),
    prepare: async (ctx) => ({
      known: (await issuer.listKeys?.(ctx))?.map((key) => key.id) ?? null,
      at: ctx.clock.now(),
      label: `${ctx.rotationId}.${ctx.clock.now().toString(36)}`,
    }),
    run: async (before, ctx) => {
      const issued = await issuer.createKey(before.label, ctx);
      issuer.validate(issued.credential);
      if (sameFields(issued.credential, await oldKey(ctx))) {
        throw new RotationError('REFUSED', {
          subject: 'the new key',
          reason: 'it is the same as the old one',
          hint: 'Make a new key at the issuer (do not paste the one in use), then run `keyturn resume`.',
        });
      }
      return sealKey(issued.id, issued.credential, ctx);
    },
    reconcile: (before, ctx) => findOrphan(issuer, before, settings.made, ctx),
    discard: async (orphan, ctx) => {
      await issuer.deleteKey?.({ id: orphan.keyId }, ctx);
    },
    compensate: async (before, output, ctx) => {
      const made = output ?? (await orphanOf(issuer, before, settings.made, ctx));
      if (made === undefined) return;
      if (issuer.deleteKey !== undefined) await issuer.deleteKey({ id: made.keyId }, ctx);
      else await issuer.deactivateKey?.({ id: made.keyId }, ctx);
    },
  };
}

async function orphanOf(
  issuer: Issuer,
  before: Before,
  made: IssuerCapabilities['create'],
  ctx: StepContext,
): Promise<SealedKey | undefined> {
  const found = await findOrphan(issuer, before, made, ctx);
  if (found.state === 'unknown') {
    throw new RotationError('INDETERMINATE', {
      subject: 'the new key',
      action: 'find out whether it exists',
      reason: found.reason,
    });
  }
  return found.state === 'orphaned' ? found.output : undefined;
}

/** No key in the list is believed only as often as this issuer needs: a key made a moment ago may be listed late. */
async function findOrphan(
  issuer: Issuer,
  before: Before,
  made: IssuerCapabilities['create'],
  ctx: StepContext,
): Promise<Reconciliation<SealedKey>> {
  for (let looked = 1; ; looked += 1) {
    const found = await lookForOrphan(issuer, before, made, ctx);
    const listed = made === 'api' && found.state === 'absent';
    if (!listed || looked >= issuer.propagation.confirmations) return found;
    await ctx.clock.sleep(issuer.propagation.intervalMs, ctx.signal);
  }
}

async function lookForOrphan(
  issuer: Issuer,
  before: Before,
  made: IssuerCapabilities['create'],
  ctx: StepContext,
): Promise<Reconciliation<SealedKey>> {
  // Made here, or pasted by a person: without an outcome there is nothing at the issuer that is ours.
  if (made !== 'api') return { state: 'absent' };
  if (issuer.listKeys === undefined || before.known === null) {
    return {
      state: 'unknown',
      reason: `this issuer cannot list keys; look there for one labelled ${ctx.rotationId}`,
    };
  }
  const known = new Set(before.known);
  const candidates = (await issuer.listKeys(ctx)).filter(
    (key) => !known.has(key.id) && mayBeOurs(key, ctx.rotationId, before.at),
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

function mayBeOurs(key: KeyRecord, label: string, intentAt: number): boolean {
  if (key.label !== undefined) return key.label.includes(label);
  return key.createdAt === undefined || Date.parse(key.createdAt) >= intentAt - CLOCK_SKEW_MS;
}
