import { isRotationError } from '../core/errors/rotation-error.ts';
import type { Issuer } from '../core/plugins/issuer.ts';
import type { Step } from '../core/step.ts';
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

/** Deletes the old key for good; one that is gone already is success. */
export function deleteKey(remove: NonNullable<Issuer['deleteKey']>): Step<null, { readonly keyId: string }> {
  return {
    id: 'delete-key',
    effect: 'irreversible',
    describe: () => ({ title: 'Delete the old key' }),
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
