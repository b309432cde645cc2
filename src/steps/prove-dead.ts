import { RotationError } from '../core/errors/rotation-error.ts';
import type { Issuer } from '../core/plugins/issuer.ts';
import type { Step, StepContext } from '../core/step.ts';
import { accepts, confirmed } from './confirm.ts';
import { newKey, oldKey } from './material.ts';

/** The issuer refuses the old key, several times in a row, and still accepts the new one. */
export function proveDead(
  issuer: Issuer,
  identify: NonNullable<Issuer['identify']>,
): Step<null, { readonly proof: string }> {
  return {
    id: 'prove-dead',
    effect: 'none',
    describe: () => ({ title: 'Prove the old key dead' }),
    run: async (_prepared, ctx) => {
      const old = await oldKey(ctx);
      const dead = await confirmed(
        async () => !(await accepts(() => identify(old, ctx))),
        issuer.propagation,
        ctx,
      );
      if (!dead) {
        throw new RotationError('CHECK_FAILED', {
          subject: 'the old key',
          reason: `its issuer still accepts it ${issuer.propagation.deadlineMs / 1000} s after it was deactivated`,
          hint: 'It is still live. Look at the issuer; then run `keyturn resume` and approve again.',
        });
      }
      await identify(await newKey(ctx), ctx);
      return { proof: `refused ${issuer.propagation.confirmations} times in a row; the new key is accepted` };
    },
  };
}

/** For keys without an issuer: no store that can be read holds the old value any more. */
export function proveForgotten(
  holders: (ctx: StepContext) => Promise<readonly string[]>,
): Step<null, { readonly proof: string }> {
  return {
    id: 'prove-dead',
    effect: 'none',
    describe: () => ({ title: 'Prove that no store holds the old value' }),
    run: async (_prepared, ctx) => {
      const left = await holders(ctx);
      if (left.length === 0) return { proof: 'no readable store holds it any more' };
      throw new RotationError('CHECK_FAILED', {
        subject: 'the old value',
        reason: `still held by ${left.join(', ')}`,
      });
    },
  };
}
