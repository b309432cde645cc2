import type { RotationOutcome } from '../core/rotation/events.ts';
import type { RotationState, StepStatus } from '../core/rotation/state.ts';
import { CREATE_KEY } from '../steps/material.ts';
import { diedOfNewKey } from './no-return.ts';

export type KeyFate = 'live' | 'deactivated' | 'deleted' | 'forgotten' | 'not made' | 'unknown';

/** A deactivation that certainly did not happen, or was taken back. */
const STILL_ON: ReadonlySet<StepStatus> = new Set(['failed', 'deferred', 'compensated']);

/**
 * What became of the old key, from the journal alone. `unknown` where a deactivation was begun and its end is not
 * journalled, and where one was done and never taken back although the key was then seen to work: it may still die.
 */
export function oldKeyFate(
  state: RotationState,
  outcome: RotationOutcome | undefined = state.ended,
): KeyFate {
  const { steps, notTakenBack } = state;
  if (steps.get('delete-key')?.status === 'done') return 'deleted';
  if (diedOfNewKey(state)) return steps.get(CREATE_KEY)?.status === 'done' ? 'deleted' : 'unknown';
  const off = steps.get('deactivate-key')?.status;
  if (off === 'done') return 'deactivated';
  if (off !== undefined && !STILL_ON.has(off)) return 'unknown';
  if (notTakenBack.has('deactivate-key')) return 'unknown';
  return outcome === 'done' && steps.get('prove-dead')?.status === 'done' ? 'forgotten' : 'live';
}
