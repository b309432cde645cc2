import { RotationError } from '../../core/errors/rotation-error.ts';
import type { EvidenceItem } from '../../core/phase.ts';
import type { StepContext } from '../../core/step.ts';
import { newKey } from '../../steps/material.ts';
import type { BoundPlan } from '../plan/bound-plan.ts';
import { issuerAccepts, oldKeyIdle } from './issuer-evidence.ts';
import { serviceEvidence } from './service-evidence.ts';
import { storeEvidence } from './store-evidence.ts';

/**
 * What speaks for (and against) switching the old key off now. Asked of the real systems each time; one that does not
 * answer is evidence too. @throws RotationError ABORTED
 */
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
  const items = [
    ...(await storeEvidence(bound, key, ctx)),
    ...(await serviceEvidence(bound, key, ctx)),
    ...(await issuerAccepts(bound, key, ctx)),
    ...(await oldKeyIdle(bound, ctx, returnedAt)),
  ];
  // Half the evidence is none, and a request that was cut off says nothing of its system.
  if (ctx.signal.aborted)
    throw new RotationError('ABORTED', { subject: 'the gate', action: 'gather evidence' });
  return items;
}
