import type { FinishedPush, Store } from '../core/plugins/store.ts';
import type { Step } from '../core/step.ts';
import { pushId } from './push.ts';
import { type Pushed, receiptOf } from './pushed.ts';
import { type Target, writeContext } from './target.ts';

const TIDY = 'tidy:';

/** Whether a step is one of these: there is no way back behind any of them. */
export function isTidying(stepId: string): boolean {
  return stepId.startsWith(TIDY);
}

/** Removes what a target kept for the way back alone. The last thing a rotation does: there is no way back behind it. */
export function tidy(target: Target, tidyUp: NonNullable<Store['tidy']>): Step<null, null> {
  const id = `${TIDY}${target.id}`;
  return {
    id,
    effect: 'irreversible',
    describe: () => ({ title: `Tidy up ${target.id}` }),
    run: async (_prepared, ctx) => {
      await tidyUp.call(
        target.store,
        target.slot,
        finished(ctx.output(pushId(target))),
        writeContext(id, ctx),
      );
      return null;
    },
    // What is gone already is success, so there is no need to find out.
    reconcile: async () => ({ state: 'absent' }),
  };
}

function finished(output: unknown): FinishedPush {
  const pushed = output as Pushed;
  return { replaced: pushed.replaced ?? undefined, receipt: receiptOf(pushed) };
}
