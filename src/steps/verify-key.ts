import { RotationError } from '../core/errors/rotation-error.ts';
import type { Json } from '../core/json.ts';
import type { Issuer, Principal } from '../core/plugins/issuer.ts';
import type { Step } from '../core/step.ts';
import { accepts, confirmed } from './confirm.ts';
import { newKey } from './material.ts';

/** The issuer accepts the new key, several times in a row, and it acts as the same principal as the old one. */
export function verifyKey(
  issuer: Issuer,
  identify: NonNullable<Issuer['identify']>,
  old: Principal | undefined,
): Step<null, Json> {
  return {
    id: 'verify-key',
    effect: 'none',
    describe: () => ({ title: 'Verify the new key with its issuer' }),
    run: async (_prepared, ctx) => {
      const key = await newKey(ctx);
      let principal: Principal | undefined;
      const ask = async (): Promise<void> => {
        principal = await identify(key, ctx);
      };
      if (!(await confirmed(() => accepts(ask), issuer.propagation, ctx)) || principal === undefined) {
        throw new RotationError('UNAUTHENTICATED', {
          subject: 'the new key',
          reason: `its issuer did not accept it within ${issuer.propagation.deadlineMs / 1000} s`,
        });
      }
      if (old !== undefined && principal.id !== old.id) {
        throw new RotationError('REFUSED', {
          subject: 'the new key',
          reason: `it acts as ${principal.display}, the old one as ${old.display}`,
          hint: 'Make the new key with the same account as the old one.',
        });
      }
      return { principal: principal.display };
    },
  };
}
