import type { StepContext } from '../../core/step.ts';
import { runPool } from '../../engine/pool.ts';
import { oldKey } from '../../steps/material.ts';
import { valuesFor } from '../../steps/target.ts';
import type { BoundPlan } from '../plan/bound-plan.ts';

/** Ids of the readable targets that still hold any part of the old key. */
export async function holdersOfOldKey(bound: BoundPlan, ctx: StepContext): Promise<readonly string[]> {
  const old = await oldKey(ctx);
  const holders: string[] = [];
  const readable = bound.targets.filter((target) => target.offers.readable);
  await runPool(
    readable,
    bound.plan.concurrency,
    async (target) => {
      const found = await target.store.read(target.slot, ctx);
      const before = valuesFor(target, old);
      const holds = Object.entries(found?.fields ?? {}).some(([field, value]) =>
        before[field]?.equals(value),
      );
      if (holds) holders.push(target.id);
    },
    () => ctx.signal.aborted,
  );
  return holders;
}
