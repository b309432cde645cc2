import { RotationError } from '../core/errors/rotation-error.ts';
import type { Issuer } from '../core/plugins/issuer.ts';
import type { Step } from '../core/step.ts';
import { accepts, confirmed } from './confirm.ts';
import { oldKey } from './material.ts';

/**
 * Does nothing on the way forward. On the way back, when every store holds the old key again and before the new
 * one is deleted, it proves that the old key still works.
 */
export function keepOldKey(issuer: Issuer, identify: NonNullable<Issuer['identify']>): Step<null, null> {
  return {
    id: 'keep-old-key',
    effect: 'reversible',
    describe: () => ({ title: 'Keep the old key live', undo: 'the old key is proved to work again' }),
    run: async () => null,
    reconcile: async () => ({ state: 'applied', output: null }),
    compensate: async (_prepared, _output, ctx) => {
      const key = await oldKey(ctx);
      const alive = await confirmed(() => accepts(() => identify(key, ctx)), issuer.propagation, ctx);
      if (alive) return;
      throw new RotationError('UNAUTHENTICATED', {
        subject: 'the old key',
        reason: 'it is back in the stores, but its issuer refuses it',
        hint: 'The new key was kept. Find out who switched the old key off; then go on with a new rotation.',
      });
    },
  };
}
