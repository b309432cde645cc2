import type { Credential, Fields } from '../../core/credential.ts';
import type { RotationError } from '../../core/errors/rotation-error.ts';
import type { EvidenceItem } from '../../core/phase.ts';
import type { StoredSecret } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import type { StepContext } from '../../core/step.ts';
import { runPool } from '../../engine/pool.ts';
import { pushId } from '../../steps/push.ts';
import type { Pushed } from '../../steps/pushed.ts';
import { holdsValues } from '../../steps/slot-before.ts';
import { valuesFor } from '../../steps/target.ts';
import type { BoundPlan, BoundTarget } from '../plan/bound-plan.ts';
import { evidenceError } from './evidence-error.ts';
import { count, some } from './names.ts';

/**
 * Each store holds the new key, or, where it shows none, was updated by us and by nobody since. One that cannot be
 * asked *fails*, whatever the reason: it was asked when the rotation began, and a place that may hold the old key is
 * what the gate is for. Trying again later costs nothing.
 */
export async function storeEvidence(
  bound: BoundPlan,
  key: Credential,
  ctx: StepContext,
): Promise<EvidenceItem[]> {
  const looked = {
    readBack: { good: 0, wrong: [] as string[] },
    stamped: { good: 0, wrong: [] as string[] },
    unreadable: [] as Unreadable[],
  };
  const asked = bound.targets.filter((target) => canTell(target, ctx));
  await runPool(
    asked,
    bound.plan.concurrency,
    async (target) => {
      const { readable } = target.offers;
      const kind = readable ? looked.readBack : looked.stamped;
      const values = valuesFor(target, key);
      try {
        const found = await target.store.read(target.slot, ctx);
        const ours = readable ? holdsNewKey(found, values) : found?.version === pushed(target, ctx)?.version;
        if (ours) kind.good += 1;
        else kind.wrong.push(target.id);
      } catch (error) {
        looked.unreadable.push({ id: target.id, error: evidenceError(error) });
      }
    },
    () => ctx.signal.aborted,
  );
  const unproved = bound.targets.filter((target) => !canTell(target, ctx)).map(({ id }) => id);
  return [
    ...told(looked.readBack, {
      good: 'read back: each holds the new key',
      wrong: 'do not hold the new key',
    }),
    ...told(looked.stamped, {
      good: "updated by the store's own timestamp, and not since",
      wrong: 'were updated by somebody else after the push',
    }),
    ...notRead(looked.unreadable),
    ...(unproved.length === 0
      ? []
      : [{ verdict: 'inconclusive', text: `nothing proves the push to ${some(unproved)}` } as const]),
  ];
}

function holdsNewKey(found: StoredSecret | undefined, values: Fields<Secret>): boolean {
  return found !== undefined && holdsValues(found, values);
}

function told(
  { good, wrong }: { readonly good: number; readonly wrong: readonly string[] },
  words: { readonly good: string; readonly wrong: string },
): EvidenceItem[] {
  if (wrong.length > 0) {
    const text = `${wrong.length} of ${good + wrong.length} targets ${words.wrong}: ${some(wrong)}`;
    return [{ verdict: 'fail', text }];
  }
  return good === 0 ? [] : [{ verdict: 'pass', text: `${count(good, 'target')} ${words.good}` }];
}

interface Unreadable {
  readonly id: string;
  readonly error: RotationError;
}

/** One item for each reason: a store that is down says the same of all its targets. */
function notRead(unreadable: readonly Unreadable[]): EvidenceItem[] {
  const byCode = new Map<string, Unreadable[]>();
  for (const one of unreadable) byCode.set(one.error.code, [...(byCode.get(one.error.code) ?? []), one]);
  return [...byCode].map(([code, same]) => {
    const ids = some(same.map(({ id }) => id));
    const { message = '', hint = '' } = same[0]?.error ?? {};
    return { verdict: 'fail', text: `could not be read (${code}): ${ids}. ${message}. ${hint}` };
  });
}

/** A slot that shows nothing can tell when it has said that it was updated, and it was by our push. */
function canTell(target: BoundTarget, ctx: StepContext): boolean {
  return target.offers.readable || pushed(target, ctx)?.verifiedBy === 'timestamp';
}

function pushed(target: BoundTarget, ctx: StepContext): Pushed | undefined {
  return ctx.output(pushId(target)) as Pushed | undefined;
}
