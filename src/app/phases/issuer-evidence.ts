import type { Credential } from '../../core/credential.ts';
import type { EvidenceItem } from '../../core/phase.ts';
import type { StepContext } from '../../core/step.ts';
import { oldKeyId } from '../../steps/material.ts';
import { pushId } from '../../steps/push.ts';
import type { BoundPlan } from '../plan/bound-plan.ts';
import { evidenceError } from './evidence-error.ts';

export async function issuerAccepts(
  bound: BoundPlan,
  key: Credential,
  ctx: StepContext,
): Promise<EvidenceItem[]> {
  const { issuer } = bound.issuer;
  if (issuer.identify === undefined)
    return [{ verdict: 'info', text: 'this issuer has no account to ask about the key' }];
  try {
    const principal = await issuer.identify(key, ctx);
    return [{ verdict: 'pass', text: `the issuer accepts the new key: ${principal.display}` }];
  } catch (cause) {
    const error = evidenceError(cause);
    const verdict = error.code === 'UNAUTHENTICATED' ? 'fail' : 'inconclusive';
    return [{ verdict, text: `the new key at its issuer: ${error.message}` }];
  }
}

/**
 * Idle: not used since the last push of this rotation, or since it came back to the gate: until then our own proof of
 * death has used it.
 */
export async function oldKeyIdle(
  bound: BoundPlan,
  ctx: StepContext,
  returnedAt: string | undefined,
): Promise<EvidenceItem[]> {
  const { issuer } = bound.issuer;
  if (issuer.lastUsed === undefined) {
    return [{ verdict: 'info', text: 'this issuer does not tell when the old key was last used' }];
  }
  try {
    const { principal } = bound.plan;
    const old = { id: oldKeyId(ctx), ...(principal === null ? {} : { principal }) };
    const { lastUsedAt, observed } = await issuer.lastUsed(old, ctx);
    if (lastUsedAt === undefined) {
      const text = observed === undefined ? 'the old key was never used' : `the old key is idle: ${observed}`;
      return [{ verdict: 'pass', text }];
    }
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
  } catch (cause) {
    const { message } = evidenceError(cause);
    return [{ verdict: 'inconclusive', text: `the last use of the old key: ${message}` }];
  }
}

function lastPush(bound: BoundPlan, ctx: StepContext): number {
  return Math.max(0, ...bound.targets.map((target) => pushedAt(target.id, ctx)));
}

function pushedAt(id: string, ctx: StepContext): number {
  const output = ctx.output(pushId({ id }));
  return typeof output === 'object' && output !== null && 'at' in output ? Number(output['at']) : 0;
}
