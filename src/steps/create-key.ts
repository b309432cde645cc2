import { type Credential, sameFields } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { Issuer, IssuerCapabilities } from '../core/plugins/issuer.ts';
import type { Reconciliation, Step, StepContext } from '../core/step.ts';
import { type BeforeCreate, findOrphan, intentGoodForMs } from './find-orphan.ts';
import { CREATE_KEY, oldKey, type SealedKey, sealKey } from './material.ts';
import { type RemoveKey, removeRefusedKey } from './remove-refused-key.ts';
import { type KeyTakingBack, takeBackNewKey } from './take-back-new-key.ts';

interface Settings extends KeyTakingBack {
  readonly title: string;
  readonly deactivate: IssuerCapabilities['deactivate'];
}

/**
 * Makes the new key, once. A create whose answer was lost leaves a key whose secret nobody has: it is found by
 * label or by comparing the list with the one before, removed, and only then is another one made.
 */
export function createKey(issuer: Issuer, settings: Settings): Step<BeforeCreate, SealedKey> {
  const remove = removalBy(issuer, settings);
  return {
    id: CREATE_KEY,
    // Where it kills the old key, there is nothing to go back to.
    effect: issuer.overlap === false ? 'irreversible' : 'reversible',
    describe: () => ({
      title: settings.title,
      ...(issuer.overlap === false ? {} : { undo: howItEnds(issuer, settings) }),
    }),
    prepare: async (ctx) => ({
      known: (await issuer.listKeys?.(ctx))?.map((key) => key.id) ?? null,
      at: ctx.clock.now(),
      label: `${ctx.rotationId}.${ctx.clock.now().toString(36)}`,
    }),
    run: async (before, ctx) => {
      if (settings.made === 'api') assertFresh(issuer, before, ctx);
      const issued = await issuer.createKey(before.label, ctx);
      try {
        await assertUsable(issuer, issued.credential, ctx);
      } catch (because) {
        const refused = { issued, because };
        if (settings.made === 'api') await removeRefusedKey(issuer, remove, refused, before, settings, ctx);
        throw because;
      }
      return sealKey(issued.id, issued.credential, ctx);
    },
    reconcile: async (before, ctx) => {
      const found = await findOrphan(issuer, before, settings, ctx);
      return found.state === 'orphaned' && remove === undefined ? leftToAPerson(found.output) : found;
    },
    discard: async (orphan, ctx) => {
      await remove?.({ id: orphan.keyId }, ctx);
    },
    compensate: (before, output, ctx, attempt) =>
      takeBackNewKey(issuer, { before, output, failed: attempt?.failed === true }, settings, ctx),
  };
}

function howItEnds({ deleteKey, deactivateKey }: Issuer, { made }: Settings): string {
  const byUs = made === 'local' || deleteKey !== undefined || deactivateKey !== undefined;
  return byUs ? 'the new key is deleted' : 'a person deletes the new key';
}

/** Its secret is lost, and this issuer cannot end it: another one beside it would hide it for good. */
function leftToAPerson({ keyId }: SealedKey): Reconciliation<SealedKey> {
  const reason = `key ${keyId} was made and its secret is lost; keyturn cannot remove keys there: delete it at the issuer`;
  return { state: 'unknown', reason };
}

/** Deleted, else switched off; undefined where only a person could do either. */
function removalBy(issuer: Issuer, settings: Settings): RemoveKey | undefined {
  const { deleteKey, deactivateKey } = issuer;
  if (deleteKey !== undefined) return (ref, ctx) => deleteKey.call(issuer, ref, ctx);
  if (deactivateKey === undefined || settings.deactivate !== 'api') return undefined;
  return (ref, ctx) => deactivateKey.call(issuer, ref, ctx);
}

/**
 * A key without a label is known as ours by when it was made, and that is counted from the intent: an old one (found by
 * a resume, or by a machine that slept) is taken anew. CONFLICT has the engine look again.
 */
function assertFresh(issuer: Issuer, before: BeforeCreate, ctx: StepContext): void {
  if (Math.abs(ctx.clock.now() - before.at) <= intentGoodForMs(issuer)) return;
  throw new RotationError('CONFLICT', {
    subject: 'the new key',
    action: 'make it',
    reason: 'the keys at its issuer were looked at too long ago',
  });
}

async function assertUsable(issuer: Issuer, made: Credential, ctx: StepContext): Promise<void> {
  issuer.validate(made);
  if (!sameFields(made, await oldKey(ctx))) return;
  throw new RotationError('REFUSED', {
    subject: 'the new key',
    reason: 'it is the same as the old one',
    hint: 'Make a new key at the issuer (do not paste the one in use), then run `keyturn resume`.',
  });
}
