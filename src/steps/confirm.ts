import { isRotationError, RotationError } from '../core/errors/rotation-error.ts';
import type { Propagation } from '../core/plugins/issuer.ts';
import type { StepContext } from '../core/step.ts';

/**
 * Asks until `confirmations` answers in a row agree, or the deadline passes: an issuer that is eventually
 * consistent says yes and no in turn for a while. `ask` gives whether the answer is the hoped-for one.
 * @returns whether it was confirmed
 */
export async function confirmed(
  ask: () => Promise<boolean>,
  propagation: Propagation,
  ctx: StepContext,
): Promise<boolean> {
  const deadline = ctx.clock.now() + propagation.deadlineMs;
  for (let inARow = 0; ; ) {
    inARow = (await ask()) ? inARow + 1 : 0;
    if (inARow >= propagation.confirmations) return true;
    if (ctx.clock.now() + propagation.intervalMs > deadline) return false;
    await ctx.clock.sleep(propagation.intervalMs, ctx.signal);
    if (ctx.signal.aborted)
      throw new RotationError('ABORTED', { subject: 'the issuer', action: 'wait for it' });
  }
}

/** True when `identify` answers, false when the key is dead; a busy or broken issuer is neither and is rethrown. */
export async function accepts(identify: () => Promise<unknown>): Promise<boolean> {
  try {
    await identify();
    return true;
  } catch (error) {
    if (isRotationError(error, 'UNAUTHENTICATED')) return false;
    throw error;
  }
}
