import type { RotationState } from '../core/rotation/state.ts';
import type { RotationPlan } from './plan/rotation-plan.ts';
import { isDue } from './resume.ts';
import { statusOf } from './rotation-listing.ts';
import { listRotations, type RotationListing } from './rotations.ts';
import type { Runtime } from './runtime.ts';

export interface DueRotations {
  /** Ids, the oldest first. */
  readonly due: readonly string[];
  readonly damaged: RotationListing['damaged'];
}

/** The rotations that can go on by themselves now; those that wait for a person are left alone. */
export async function dueRotations(runtime: Runtime): Promise<DueRotations> {
  const now = runtime.clock.now();
  const { states, damaged } = await listRotations(runtime.storage);
  const due = states
    .filter((state) => isDue(state, now) && !waitsForPerson(state))
    .map((state) => state.rotationId)
    .reverse();
  return { due, damaged };
}

/** A gate that opens by itself is looked at again: its evidence may have changed. Not one that was come back to. */
function waitsForPerson(state: RotationState): boolean {
  const status = statusOf(state);
  if (status === 'needs a person') return true;
  const { policy } = state.plan as unknown as RotationPlan;
  const asks = policy.deactivate === 'ask' || state.problem !== undefined;
  return status === 'at the gate' && asks && !isApproved(state);
}

function isApproved(state: RotationState): boolean {
  return [...state.gates.values()].some((gate) => !gate.open && gate.approval !== undefined);
}
