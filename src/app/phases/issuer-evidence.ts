import type { Credential } from '../../core/credential.ts';
import type { EvidenceItem } from '../../core/phase.ts';
import type { StepContext } from '../../core/step.ts';
import { oldKeyId } from '../../steps/material.ts';
import { pushId } from '../../steps/push.ts';
import { reloadId } from '../../steps/reload.ts';
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
 * Idle: not used since the last push (and reload) of this rotation, or since it came back to the gate: until then our own proof of
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
    const idle = Date.parse(lastUsedAt) <= Math.max(lastChange(bound, ctx), ours);
    return [
      idle
        ? {
            verdict: 'pass',
            text: `the old key is idle: last used ${lastUsedAt}, before the last push or reload`,
          }
        : {
            verdict: 'fail',
            text: `the old key is still in use: last used ${lastUsedAt}, after the last push and reload`,
          },
    ];
  } catch (cause) {
    const { message } = evidenceError(cause);
    return [{ verdict: 'inconclusive', text: `the last use of the old key: ${message}` }];
  }
}

function lastChange(bound: BoundPlan, ctx: StepContext): number {
  const pushes = bound.targets.map(pushId);
  const reloads = bound.services.map(({ planned }) => reloadId(planned.name));
  return [...pushes, ...reloads].reduce((last, id) => Math.max(last, doneAt(id, ctx)), 0);
}

function doneAt(stepId: string, ctx: StepContext): number {
  const output = ctx.output(stepId);
  return typeof output === 'object' && output !== null && 'at' in output ? Number(output['at']) : 0;
}
