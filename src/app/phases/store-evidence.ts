import { type Credential, sameFields } from '../../core/credential.ts';
import type { RotationError } from '../../core/errors/rotation-error.ts';
import type { EvidenceItem } from '../../core/phase.ts';
import type { StepContext } from '../../core/step.ts';
import { runPool } from '../../engine/pool.ts';
import { pushId } from '../../steps/push.ts';
import { valuesFor } from '../../steps/target.ts';
import type { BoundPlan } from '../plan/bound-plan.ts';
import { evidenceError } from './evidence-error.ts';
import { count, some } from './names.ts';

/**
 * Each store holds the new key. One that cannot be read *fails*, whatever the reason: it was read when the rotation
 * began, and a place that may hold the old key is what the gate is for. Trying again later costs nothing.
 */
export async function storeEvidence(
  bound: BoundPlan,
  key: Credential,
  ctx: StepContext,
): Promise<EvidenceItem[]> {
  const readable = bound.targets.filter((target) => target.capabilities.readable);
  const wrong: string[] = [];
  const unreadable: Unreadable[] = [];
  await runPool(
    readable,
    bound.plan.concurrency,
    async (target) => {
      const values = valuesFor(target, key);
      try {
        const found = await target.store.read(target.slot, ctx);
        if (found === undefined || !sameFields(found.fields, values)) wrong.push(target.id);
      } catch (error) {
        unreadable.push({ id: target.id, error: evidenceError(error) });
      }
    },
    () => ctx.signal.aborted,
  );
  return [
    ...readBack(readable.length, wrong, unreadable.length),
    ...notRead(unreadable),
    ...unread(bound, ctx),
  ];
}

function readBack(readable: number, wrong: readonly string[], unreadable: number): EvidenceItem[] {
  if (wrong.length > 0) {
    const text = `${wrong.length} of ${readable} targets do not hold the new key: ${some(wrong)}`;
    return [{ verdict: 'fail', text }];
  }
  const good = readable - unreadable;
  if (good === 0) return [];
  return [{ verdict: 'pass', text: `${count(good, 'target')} read back: each holds the new key` }];
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

/** What was pushed to stores that cannot be read at all. */
function unread(bound: BoundPlan, ctx: StepContext): EvidenceItem[] {
  const blind = bound.targets.filter((target) => !target.capabilities.readable);
  const unproved = blind.filter((target) => verifiedBy(target.id, ctx) !== 'timestamp');
  const items: EvidenceItem[] = [];
  if (blind.length > unproved.length)
    items.push({
      verdict: 'pass',
      text: `${count(blind.length - unproved.length, 'target')} updated by the store's own timestamp`,
    });
  if (unproved.length > 0)
    items.push({
      verdict: 'inconclusive',
      text: `nothing proves the push to ${some(unproved.map((target) => target.id))}`,
    });
  return items;
}

function verifiedBy(id: string, ctx: StepContext): string {
  const output = ctx.output(pushId({ id }));
  return typeof output === 'object' && output !== null && 'verifiedBy' in output
    ? String(output['verifiedBy'])
    : 'none';
}
