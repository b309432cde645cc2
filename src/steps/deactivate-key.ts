import { isRotationError, RotationError } from '../core/errors/rotation-error.ts';
import type { Issuer, Propagation } from '../core/plugins/issuer.ts';
import type { Step, StepContext } from '../core/step.ts';
import { accepts } from './confirm.ts';
import { oldKey, oldKeyId } from './material.ts';

type Deactivate = NonNullable<Issuer['deactivateKey']>;

/** Switches the old key off. Where the issuer can switch it on again this is reversible; else the point of no return. */
export function deactivateKey(
  deactivate: Deactivate,
  activate: Issuer['activateKey'],
  assertIdentity: () => Promise<void>,
): Step<null, { readonly keyId: string }> {
  return {
    id: 'deactivate-key',
    effect: activate === undefined ? 'irreversible' : 'reversible',
    describe: () => ({
      title: 'Deactivate the old key',
      ...(activate === undefined ? {} : { undo: 'the old key is activated again' }),
    }),
    // The stores are looked at once more: a key switched off for the wrong account takes that account down.
    prepare: async () => {
      await assertIdentity();
      return null;
    },
    run: async (_prepared, ctx) => {
      const keyId = oldKeyId(ctx);
      await deactivate({ id: keyId, material: () => oldKey(ctx) }, ctx);
      return { keyId };
    },
    // Deactivating twice is the same as once.
    reconcile: async () => ({ state: 'absent' }),
    ...(activate === undefined
      ? {}
      : { compensate: async (_prepared, _output, ctx) => activate({ id: oldKeyId(ctx) }, ctx) }),
  };
}

/**
 * Deletes the old key for good; one that is gone already is success. Right before, its issuer is asked whether it is
 * dead still: who needed it in the grace period switched it on again, and has no other.
 */
export function deleteKey(
  remove: NonNullable<Issuer['deleteKey']>,
  { identify, propagation }: Pick<Issuer, 'identify' | 'propagation'>,
): Step<null, { readonly keyId: string }> {
  return {
    id: 'delete-key',
    effect: 'irreversible',
    describe: () => ({ title: 'Delete the old key' }),
    prepare: async (ctx) => {
      if (identify !== undefined) await assertDead(identify, propagation, ctx);
      return null;
    },
    run: async (_prepared, ctx) => {
      const keyId = oldKeyId(ctx);
      try {
        await remove({ id: keyId }, ctx);
      } catch (error) {
        if (!isRotationError(error, 'NOT_FOUND')) throw error;
      }
      return { keyId };
    },
    reconcile: async () => ({ state: 'absent' }),
  };
}

/** As often as this issuer needs: one that is eventually consistent says yes and no in turn for a while. */
async function assertDead(
  identify: NonNullable<Issuer['identify']>,
  { confirmations, intervalMs }: Propagation,
  ctx: StepContext,
): Promise<void> {
  const key = await oldKey(ctx);
  for (let asked = 1; !(await accepts(() => identify(key, ctx))); asked += 1) {
    if (asked >= confirmations) return;
    await ctx.clock.sleep(intervalMs, ctx.signal);
  }
  throw new RotationError('CHECK_FAILED', {
    subject: 'the old key',
    action: 'delete it',
    reason: 'its issuer accepts it: somebody has switched it on again',
    hint: `It was left alone. Find out who needs it; switch it off again and run \`keyturn resume ${ctx.rotationId}\`, or go back to it with \`keyturn rollback ${ctx.rotationId}\`.`,
  });
}
