import type { RotationState, StepState } from '../core/rotation/state.ts';
import { CAPTURE_OLD_KEY, CREATE_KEY } from '../steps/material.ts';
import { pushId } from '../steps/push.ts';
import { type KeyFate, oldKeyFate } from './old-key-fate.ts';
import type { RotationPlan } from './plan/rotation-plan.ts';
import { keyIdIn } from './receipt.ts';

/** What an on-call engineer has to know at 3 a.m. */
export interface LiveKeys {
  readonly oldKey: { readonly id: string | null; readonly state: KeyFate };
  readonly newKey: { readonly id: string | null; readonly state: KeyFate };
  readonly targets: {
    readonly total: number;
    readonly holdNew: number;
    readonly holdOld: number;
    readonly unclear: readonly string[];
  };
}

export function describeLive(state: RotationState): LiveKeys {
  const plan = state.plan as unknown as RotationPlan;
  let holdNew = 0;
  const unclear: string[] = [];
  for (const target of plan.targets) {
    const step = state.steps.get(pushId(target));
    if (step?.status === 'done') holdNew += 1;
    else if (step !== undefined && !certainlyOld(step)) unclear.push(target.id);
  }
  return {
    oldKey: { id: keyIdIn(state, CAPTURE_OLD_KEY) ?? plan.oldKeyId, state: oldKeyFate(state) },
    newKey: { id: keyIdIn(state, CREATE_KEY), state: newKeyFate(state) },
    targets: {
      total: plan.targets.length,
      holdNew,
      holdOld: plan.targets.length - holdNew - unclear.length,
      unclear,
    },
  };
}

/** A push that failed after its intent is taken back as if it had been done: an earlier try may have written half. */
function certainlyOld({ status, intended }: StepState): boolean {
  return status === 'compensated' || (status === 'failed' && !intended);
}

function newKeyFate(state: RotationState): KeyFate {
  const made = state.steps.get(CREATE_KEY)?.status;
  if (made === undefined || made === 'deferred' || made === 'failed') return 'not made';
  if (made === 'done') return 'live';
  return made === 'compensated' ? 'deleted' : 'unknown';
}
