import { type Credential, sameFields } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { EvidenceItem } from '../../core/phase.ts';
import type { StepContext } from '../../core/step.ts';
import { runPool } from '../../engine/pool.ts';
import { newKey, oldKeyId } from '../../steps/material.ts';
import { pushId } from '../../steps/push.ts';
import { valuesFor } from '../../steps/target.ts';
import type { BoundPlan } from '../plan/bound-plan.ts';

/** What speaks for (and against) switching the old key off now. Asked of the real systems each time. */
export async function gatherEvidence(
  bound: BoundPlan,
  ctx: StepContext,
  returnedAt: string | undefined,
): Promise<readonly EvidenceItem[]> {
  if (bound.plan.mode === 'contain') {
    return [
      {
        verdict: 'info',
        text: 'contain mode: the key has leaked, so it dies first; services fail until the new key is pushed',
      },
    ];
  }
  const key = await newKey(ctx);
  return [
    ...(await storesHold(bound, key, ctx)),
    ...(await servicesPass(bound, key, ctx)),
    ...(await issuerAccepts(bound, key, ctx)),
    ...(await oldKeyIdle(bound, ctx, returnedAt)),
  ];
}

async function storesHold(bound: BoundPlan, key: Credential, ctx: StepContext): Promise<EvidenceItem[]> {
  const wrong: string[] = [];
  const readable = bound.targets.filter((target) => target.capabilities.readable);
  await runPool(
    readable,
    bound.plan.concurrency,
    async (target) => {
      const found = await target.store.read(target.slot, ctx);
      if (found === undefined || !sameFields(found.fields, valuesFor(target, key))) wrong.push(target.id);
    },
    () => ctx.signal.aborted,
  );
  const items: EvidenceItem[] = [];
  if (wrong.length > 0)
    items.push({
      verdict: 'fail',
      text: `${wrong.length} of ${readable.length} targets do not hold the new key: ${some(wrong)}`,
    });
  else if (readable.length > 0)
    items.push({
      verdict: 'pass',
      text: `${count(readable.length, 'target')} read back: each holds the new key`,
    });
  const unread = bound.targets.filter((target) => !target.capabilities.readable);
  const unproved = unread.filter((target) => verifiedBy(target.id, ctx) !== 'timestamp');
  if (unread.length > unproved.length)
    items.push({
      verdict: 'pass',
      text: `${count(unread.length - unproved.length, 'target')} updated by the store's own timestamp`,
    });
  if (unproved.length > 0)
    items.push({
      verdict: 'inconclusive',
      text: `nothing proves the push to ${some(unproved.map((target) => target.id))}`,
    });
  return items;
}

async function servicesPass(bound: BoundPlan, key: Credential, ctx: StepContext): Promise<EvidenceItem[]> {
  const checks = bound.services.flatMap((service) => service.checks);
  if (checks.length === 0) {
    return [
      {
        verdict: 'inconclusive',
        text: 'no service has a check: nothing but the issuer has seen the new key work',
      },
    ];
  }
  const items: EvidenceItem[] = [];
  let passed = 0;
  await runPool(
    checks,
    bound.plan.concurrency,
    async ({ service, name, check }) => {
      const result = await check.run({ service, credential: key }, ctx);
      if (result.verdict === 'pass') passed += 1;
      else items.push({ verdict: result.verdict, text: `${service} (${name}): ${result.summary}` });
    },
    () => ctx.signal.aborted,
  );
  if (passed > 0)
    items.unshift({
      verdict: 'pass',
      text: `${count(passed, 'check')} of ${checks.length} pass with the new key`,
    });
  const unchecked = bound.services
    .filter((service) => service.checks.length === 0)
    .map((service) => service.planned.name);
  if (unchecked.length > 0) items.push({ verdict: 'info', text: `without a check: ${some(unchecked)}` });
  return items;
}

async function issuerAccepts(bound: BoundPlan, key: Credential, ctx: StepContext): Promise<EvidenceItem[]> {
  const { issuer } = bound.issuer;
  if (issuer.identify === undefined)
    return [{ verdict: 'info', text: 'this issuer has no account to ask about the key' }];
  try {
    const principal = await issuer.identify(key, ctx);
    return [{ verdict: 'pass', text: `the issuer accepts the new key: ${principal.display}` }];
  } catch (error) {
    if (!isRotationError(error)) throw error;
    const verdict = error.code === 'UNAUTHENTICATED' ? 'fail' : 'inconclusive';
    return [{ verdict, text: `the new key at its issuer: ${error.message}` }];
  }
}

/**
 * Idle: not used since the last push of this rotation, or since it came back to the gate: until then our own proof of
 * death has used it.
 */
async function oldKeyIdle(
  bound: BoundPlan,
  ctx: StepContext,
  returnedAt: string | undefined,
): Promise<EvidenceItem[]> {
  const { issuer } = bound.issuer;
  if (issuer.lastUsed === undefined) {
    return [{ verdict: 'info', text: 'this issuer does not tell when the old key was last used' }];
  }
  try {
    const { lastUsedAt } = await issuer.lastUsed({ id: oldKeyId(ctx) }, ctx);
    if (lastUsedAt === undefined) return [{ verdict: 'pass', text: 'the old key was never used' }];
    const ours = returnedAt === undefined ? 0 : Date.parse(returnedAt);
    const idle = Date.parse(lastUsedAt) <= Math.max(lastPush(bound, ctx), ours);
    return [
      idle
        ? { verdict: 'pass', text: `the old key is idle: last used ${lastUsedAt}, before the last push` }
        : {
            verdict: 'fail',
            text: `the old key is still in use: last used ${lastUsedAt}, after the last push`,
          },
    ];
  } catch (error) {
    if (!isRotationError(error)) throw error;
    return [{ verdict: 'inconclusive', text: `the last use of the old key: ${error.message}` }];
  }
}

function lastPush(bound: BoundPlan, ctx: StepContext): number {
  return Math.max(0, ...bound.targets.map((target) => pushedAt(target.id, ctx)));
}

function pushedAt(id: string, ctx: StepContext): number {
  const output = ctx.output(pushId({ id }));
  return typeof output === 'object' && output !== null && 'at' in output ? Number(output['at']) : 0;
}

function verifiedBy(id: string, ctx: StepContext): string {
  const output = ctx.output(pushId({ id }));
  return typeof output === 'object' && output !== null && 'verifiedBy' in output
    ? String(output['verifiedBy'])
    : 'none';
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Enough to act on; ten thousand names help nobody. */
function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
