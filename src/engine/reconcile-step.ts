import { isRotationError } from '../core/errors/rotation-error.ts';
import type { Json } from '../core/json.ts';
import type { ErrorRecord } from '../core/rotation/events.ts';
import type { Reconciliation, Step } from '../core/step.ts';
import type { Driver } from './driver.ts';
import { recordOf } from './error-record.ts';

export type Looked =
  | { readonly kind: 'applied'; readonly output: Json }
  /** `anew`: an orphan was discarded, now or before a crash, so that the step has to be prepared again. */
  | { readonly kind: 'absent'; readonly anew: boolean }
  | { readonly kind: 'unknown'; readonly error: ErrorRecord }
  | { readonly kind: 'interrupted' };

/** Asks the real world what became of an intent. Never guesses: what cannot be told is `unknown`. */
export async function lookAtReality(step: Step, prepared: Json, driver: Driver): Promise<Looked> {
  if (step.effect === 'none') return { kind: 'absent', anew: false };
  if (step.reconcile === undefined)
    return { kind: 'unknown', error: cannotTell(step, 'this step cannot be looked up') };
  let found: Reconciliation<Json>;
  try {
    found = await step.reconcile(prepared, driver.ctx);
  } catch (error) {
    return failedLook(error, driver);
  }
  switch (found.state) {
    case 'applied':
      return { kind: 'applied', output: found.output };
    case 'absent':
      // Only an orphan leaves an output before the outcome; also when discarding it was stuck for a while.
      return { kind: 'absent', anew: driver.session.state.steps.get(step.id)?.output !== undefined };
    case 'unknown':
      return { kind: 'unknown', error: cannotTell(step, driver.redact(found.reason)) };
    case 'orphaned':
      return discardOrphan(step, found.output, driver);
  }
}

async function discardOrphan(step: Step, orphan: Json, driver: Driver): Promise<Looked> {
  await driver.session.record({ type: 'step.orphaned', step: step.id, output: orphan });
  if (step.discard === undefined)
    return { kind: 'unknown', error: cannotTell(step, 'the orphan cannot be removed') };
  await driver.lock.assertHeld();
  try {
    await step.discard(orphan, driver.ctx);
  } catch (error) {
    return failedLook(error, driver);
  }
  return { kind: 'absent', anew: true };
}

function failedLook(error: unknown, driver: Driver): Looked {
  if (!isRotationError(error)) throw error;
  if (error.code === 'ABORTED' || driver.interruption.hard.aborted) return { kind: 'interrupted' };
  return { kind: 'unknown', error: recordOf(error, driver.redact) };
}

function cannotTell(step: Step, reason: string): ErrorRecord {
  return {
    code: 'INDETERMINATE',
    message: `${step.describe().title}: whether it happened cannot be told: ${reason}`,
    hint: 'Look at the real system; when it is reachable and clear again, run `keyturn resume`. Nothing is guessed.',
  };
}
