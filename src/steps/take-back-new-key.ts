import type { Operator } from '../core/operator.ts';
import type { EndingKey, Issuer } from '../core/plugins/issuer.ts';
import type { StepContext } from '../core/step.ts';
import { type BeforeCreate, type KeyMaking, orphanOf } from './find-orphan.ts';
import { openKey, type SealedKey } from './material.ts';

/** How the end of a new key comes about. */
export interface KeyTakingBack extends KeyMaking {
  /** For what only a person can do. */
  readonly confirmDone: Operator['confirmDone'];
}

/** What is known of the key that was made, or perhaps made. */
export interface PerhapsMade {
  readonly before: BeforeCreate;
  readonly output: SealedKey | undefined;
  /** Its create failed, with an error that promises that nothing happened. */
  readonly failed: boolean;
}

/**
 * The new key is ended: deleted, else switched off, else by a person. Nobody says that it is gone because nothing could
 * be done about it.
 * @throws AwaitSignal when a person is needed and nobody is there; RotationError INDETERMINATE
 */
export async function takeBackNewKey(
  issuer: Issuer,
  { before, output, failed }: PerhapsMade,
  taking: KeyTakingBack,
  ctx: StepContext,
): Promise<void> {
  if (output === undefined && cannotBeLookedFor(issuer, before, taking)) {
    if (!failed) await byHand(`every key labelled ${before.label}`, taking, ctx);
    return;
  }
  const made = output ?? (await orphanOf(issuer, before, taking, ctx));
  if (made === undefined) return;
  if (issuer.deleteKey !== undefined) await issuer.deleteKey({ id: made.keyId }, ctx);
  else if (issuer.deactivateKey !== undefined)
    await issuer.deactivateKey({ id: made.keyId, ...materialOf(made, ctx) }, ctx);
  // A value that keyturn made itself is known to nobody else once the stores have forgotten it.
  else if (taking.made !== 'local')
    await byHand(`the new key (${made.keyId}, labelled ${before.label})`, taking, ctx);
}

function cannotBeLookedFor(issuer: Issuer, before: BeforeCreate, { made }: KeyMaking): boolean {
  const listed = issuer.listKeys !== undefined && before.known !== null;
  return made === 'api' && issuer.overlap !== false && !listed;
}

async function byHand(what: string, { confirmDone }: KeyTakingBack, ctx: StepContext): Promise<void> {
  const instructions = [
    'keyturn cannot do this there: look at the issuer of the key.',
    `Delete ${what}, if it is there: it was made by this rotation, and nobody uses it any more.`,
    `Then say so: keyturn rollback ${ctx.rotationId} --confirm-done`,
  ];
  await confirmDone({ title: 'Delete the new key', instructions }, { signal: ctx.signal });
}

/** Of an orphan nobody has more than its id. */
function materialOf(made: SealedKey, ctx: StepContext): Pick<EndingKey, 'material'> {
  return Object.keys(made.parts).length === 0 ? {} : { material: () => openKey(made, ctx) };
}
