import { AwaitSignal } from '../core/await-signal.ts';
import { isRotationError, RotationError } from '../core/errors/rotation-error.ts';
import type { Phase, StepsPhase } from '../core/phase.ts';
import type { RotationState } from '../core/rotation/state.ts';
import type { Step } from '../core/step.ts';
import type { Driver } from './driver.ts';
import { recordOf } from './error-record.ts';
import { runPool } from './pool.ts';

/**
 * Takes back every step that has an intent, phases in reverse. What cannot be taken back is journalled and left;
 * a barrier phase (the new key itself) is kept alive while anything after it still may use it.
 * @returns the steps that could not be taken back; empty when all is as it was
 */
export async function rollBack(
  phases: readonly Phase[],
  driver: Driver,
): Promise<readonly string[] | 'interrupted'> {
  const left: string[] = [];
  for (const phase of [...phases].reverse()) {
    if (phase.kind !== 'steps' || (phase.barrier === true && left.length > 0)) continue;
    left.push(...(await takeBack(phase, driver)));
    if (driver.interruption.soft.aborted) return 'interrupted';
  }
  return left;
}

/** @throws RotationError REFUSED when an irreversible step has (or may have) happened */
export function assertReversible(phases: readonly Phase[], { session }: Driver): void {
  const passed = pointPassed(phases, session.state);
  if (passed === undefined) return;
  throw new RotationError('REFUSED', {
    subject: `rotation ${session.state.rotationId}`,
    action: 'roll back',
    reason: `it is past the point of no return: ${passed.describe().title}`,
    hint: 'That is done, or may have been, and cannot be undone. To go on to the end, run `keyturn resume`; to change the key again, begin a new rotation after that.',
  });
}

/** The irreversible step that has (or may have) happened: behind it there is no way back. */
export function pointPassed(phases: readonly Phase[], { steps }: RotationState): Step | undefined {
  return stepsOf(phases).find((step) => {
    const status = steps.get(step.id)?.status;
    return (
      step.effect === 'irreversible' && status !== undefined && status !== 'deferred' && status !== 'failed'
    );
  });
}

export function stepsOf(phases: readonly Phase[]): readonly Step[] {
  return phases.flatMap((phase) => (phase.kind === 'steps' ? phase.steps : []));
}

/** Gives the ids of the steps of this phase that stay as they are. */
export async function takeBack(phase: StepsPhase, driver: Driver): Promise<string[]> {
  const left: string[] = [];
  const due = phase.steps.filter((step) => needsUndo(step, driver));
  await runPool(
    [...due].reverse(),
    phase.concurrency,
    async (step) => {
      if (!(await compensate(step, driver))) left.push(step.id);
    },
    () => driver.interruption.soft.aborted,
  );
  await driver.session.flush();
  return left;
}

function needsUndo(step: Step, driver: Driver): boolean {
  const state = driver.session.state.steps.get(step.id);
  if (state === undefined || step.compensate === undefined || !state.intended) return false;
  // A deferred step has had no effect; a compensated one has none left.
  return state.status !== 'deferred' && state.status !== 'compensated';
}

async function compensate(step: Step, driver: Driver): Promise<boolean> {
  const state = driver.session.state.steps.get(step.id);
  const again = state?.status === 'compensating' || state?.status === 'not-compensated';
  await driver.lock.assertHeld();
  await driver.session.record({ type: 'step.compensating', step: step.id });
  await driver.probe?.('before-intent', `undo:${step.id}`);
  try {
    const failed = state?.failure !== undefined;
    await step.compensate?.(state?.prepared ?? null, state?.output, driver.ctx, { again, failed });
  } catch (error) {
    if (!isRotationError(error) && !(error instanceof AwaitSignal)) throw error;
    // Asked to stop: it has not failed, and is taken up again where it is.
    if (isRotationError(error, 'ABORTED')) return false;
    await driver.session.record({
      type: 'step.not-compensated',
      step: step.id,
      error: recordOf(error, driver.redact),
    });
    return false;
  }
  await driver.probe?.('after-effect', `undo:${step.id}`);
  await driver.session.record({ type: 'step.compensated', step: step.id });
  await driver.probe?.('after-outcome', `undo:${step.id}`);
  return true;
}
