import type { RotationOutcome } from '../core/rotation/events.ts';
import type { RotationState, StepState, StepStatus } from '../core/rotation/state.ts';
import { CREATE_KEY } from '../steps/material.ts';
import { diedOfNewKey } from './no-return.ts';

export type KeyFate = 'live' | 'deactivated' | 'deleted' | 'forgotten' | 'not made' | 'unknown';

/** A deactivation that certainly did not happen, or was taken back. */
const STILL_ON: ReadonlySet<StepStatus> = new Set(['failed', 'deferred', 'compensated']);

/**
 * What became of the old key, from the journal alone. `unknown` where a deactivation was begun and its end is not
 * journalled, where the proof of death failed, and where one was done and never taken back although the key was then
 * seen to work: it may still die.
 */
export function oldKeyFate(
  state: RotationState,
  outcome: RotationOutcome | undefined = state.ended,
): KeyFate {
  const { steps, notTakenBack } = state;
  if (steps.get('delete-key')?.status === 'done') return 'deleted';
  if (diedOfNewKey(state)) return steps.get(CREATE_KEY)?.status === 'done' ? 'deleted' : 'unknown';
  if (wasAccepted(steps.get('delete-key'))) return 'live';
  const off = steps.get('deactivate-key')?.status;
  // The proof speaks of the issuer, or of a store that holds it again.
  if (off === 'done' && wasAccepted(steps.get('prove-dead'))) return 'unknown';
  if (off === 'done') return 'deactivated';
  if (off !== undefined && !STILL_ON.has(off)) return 'unknown';
  if (notTakenBack.has('deactivate-key')) return 'unknown';
  return outcome === 'done' && steps.get('prove-dead')?.status === 'done' ? 'forgotten' : 'live';
}

/** Of a step that asks for the old key: it failed because it was not dead. */
function wasAccepted(step: StepState | undefined): boolean {
  return step?.status === 'failed' && step.error?.code === 'CHECK_FAILED';
}
