import type { RotationState, StepStatus } from '../core/rotation/state.ts';
import { CAPTURE_OLD_KEY, CREATE_KEY } from '../steps/material.ts';
import { isTidying } from '../steps/tidy.ts';
import type { RotationPlan } from './plan/rotation-plan.ts';

/** A step that certainly did not happen. */
const NOT_RUN: ReadonlySet<StepStatus> = new Set(['failed', 'deferred']);

/** Whether the way back is closed, from the journal alone; a plan that names no point of no return does not say. */
export function isPastNoReturn(state: RotationState): boolean {
  const { pointOfNoReturn } = planOf(state);
  return [...state.steps].some(
    ([id, { status }]) => (id === pointOfNoReturn || isTidying(id)) && !NOT_RUN.has(status),
  );
}

/** Whether the old key died (or may have died) when the new one was made: its issuer knows but one. */
export function diedOfNewKey(state: RotationState): boolean {
  return planOf(state).pointOfNoReturn === CREATE_KEY && isPastNoReturn(state);
}

/**
 * A contained leak is never put back into a store. Before anything was done about it there is nothing to put back, and
 * whoever finds that it is none may let go of it. A person who was asked to switch the key off may have.
 */
export function isBeingContained(state: RotationState): boolean {
  return (
    planOf(state).mode === 'contain' &&
    [...state.steps].some(([id, step]) => id !== CAPTURE_OLD_KEY && step.intended && step.status !== 'failed')
  );
}

function planOf({ plan }: RotationState): RotationPlan {
  return plan as unknown as RotationPlan;
}
