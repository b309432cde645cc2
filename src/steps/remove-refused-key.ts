import { sameFields } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { IssuedKey, Issuer, KeyRef } from '../core/plugins/issuer.ts';
import type { StepContext } from '../core/step.ts';
import { type BeforeCreate, type KeyMaking, orphanOf } from './find-orphan.ts';
import { oldKey, oldKeyId } from './material.ts';

/** Gets rid of a key that nobody will use. */
export type RemoveKey = (ref: KeyRef, ctx: StepContext) => Promise<void>;

/**
 * A key was made over the API and then found unusable: nobody will use it, and nobody would remember it.
 * @throws RotationError INDETERMINATE when it could not be removed, so that it is looked for; REFUSED where nothing can
 */
export async function removeRefusedKey(
  issuer: Issuer,
  remove: RemoveKey | undefined,
  refused: { readonly issued: IssuedKey; readonly because: unknown },
  before: BeforeCreate,
  making: KeyMaking,
  ctx: StepContext,
): Promise<void> {
  const { issued, because } = refused;
  try {
    if (!(await isNew(issued, before, ctx))) return;
    if (remove !== undefined)
      await remove({ id: await idAtIssuer(issuer, issued, before, making, ctx) }, ctx);
  } catch (cause) {
    throw new RotationError(
      'INDETERMINATE',
      {
        subject: 'the new key',
        action: 'remove it again',
        reason: `it was refused (${wordsOf(because)}) and is perhaps still at its issuer: ${wordsOf(cause)}`,
      },
      { cause },
    );
  }
  if (remove !== undefined) return;
  throw new RotationError(
    'REFUSED',
    {
      subject: 'the new key',
      reason: `${wordsOf(because)}; it stays at its issuer as ${issued.id}, because keyturn cannot remove keys there`,
      hint: 'Delete it there by hand.',
    },
    { cause: because },
  );
}

/** An API that answered with a key that was there before has made none: that one is in use. */
async function isNew(issued: IssuedKey, before: BeforeCreate, ctx: StepContext): Promise<boolean> {
  if (issued.id === oldKeyId(ctx) || before.known?.includes(issued.id) === true) return false;
  return before.known !== null || !sameFields(issued.credential, await oldKey(ctx));
}

/** Ids are read from the material, and this one was refused: what the issuer itself lists is certain. */
async function idAtIssuer(
  issuer: Issuer,
  issued: IssuedKey,
  before: BeforeCreate,
  making: KeyMaking,
  ctx: StepContext,
): Promise<string> {
  const listed = await issuer.listKeys?.(ctx);
  if (listed === undefined || listed.some(({ id }) => id === issued.id)) return issued.id;
  return (await orphanOf(issuer, before, making, ctx))?.keyId ?? issued.id;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
