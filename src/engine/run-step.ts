import { AwaitSignal } from '../core/await-signal.ts';
import { isRotationError } from '../core/errors/rotation-error.ts';
import type { Json } from '../core/json.ts';
import type { ErrorRecord } from '../core/rotation/events.ts';
import type { StepState } from '../core/rotation/state.ts';
import type { Step } from '../core/step.ts';
import type { Driver, ProbePoint } from './driver.ts';
import { recordOf } from './error-record.ts';
import { type Looked, lookAtReality } from './reconcile-step.ts';

export type StepResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: ErrorRecord }
  | { readonly kind: 'stuck'; readonly error: ErrorRecord }
  | { readonly kind: 'deferred' }
  | { readonly kind: 'interrupted' };

/** How often an effect that turned out absent is tried again within one run. */
const ROUNDS = 3;

/**
 * Runs a step to an outcome: intent before effect, outcome after. An intent found without an outcome is
 * reconciled first; so is an effect whose answer was lost. Throws only for failures of the engine itself
 * (journal, lock, a defect), on which nothing may be undone.
 */
export async function runStep(step: Step, driver: Driver): Promise<StepResult> {
  const before = driver.session.state.steps.get(step.id);
  if (before?.status === 'done') return { kind: 'done' };

  let here = whereItStands(before);
  for (let round = 1; ; round += 1) {
    const ran = await oneRound(step, here, driver);
    if (ran.kind === 'again' && round < ROUNDS) here = ran.from;
    else if (ran.kind === 'again') return exhausted(step, driver, ran);
    else return ran;
  }
}

/** Tried once, and not settled: where to go on from. */
interface Again {
  readonly kind: 'again';
  readonly from: Whereabouts;
  readonly error: ErrorRecord;
}

async function oneRound(step: Step, here: Whereabouts, driver: Driver): Promise<StepResult | Again> {
  let from = here;
  if (from.unclear) {
    const looked = await lookAtReality(step, from.prepared, driver);
    if (looked.kind !== 'absent') return settle(step, driver, looked);
    // An orphan was discarded: what `prepare` saw is out of date.
    if (looked.anew || from.outOfDate === true) from = NOT_BEGUN;
  }
  if (!from.intended) {
    const ready = await prepareStep(step, driver);
    if (ready.kind !== 'ready') return ready;
    from = { intended: true, unclear: false, prepared: ready.prepared };
  }
  return attempt(step, from, driver);
}

async function exhausted(step: Step, driver: Driver, last: Again): Promise<StepResult> {
  if (last.from.unclear) return stuck(step, driver, last.error);
  await driver.session.record({ type: 'step.failed', step: step.id, error: last.error });
  return { kind: 'failed', error: last.error };
}

interface Whereabouts {
  readonly intended: boolean;
  /** An intent without an outcome: look before doing anything. */
  readonly unclear: boolean;
  readonly prepared: Json;
  /** What `prepare` saw is not what is there now. */
  readonly outOfDate?: boolean;
}

const NOT_BEGUN: Whereabouts = { intended: false, unclear: false, prepared: null };

function whereItStands(before: StepState | undefined): Whereabouts {
  if (before === undefined || before.status === 'failed') return NOT_BEGUN;
  return { intended: true, unclear: before.status !== 'deferred', prepared: before.prepared };
}

type Ready = { readonly kind: 'ready'; readonly prepared: Json } | Exclude<StepResult, { kind: 'done' }>;

async function prepareStep(step: Step, driver: Driver): Promise<Ready> {
  if (step.effect === 'none') driver.session.tell({ type: 'step.begun', step: step.id });
  let prepared: Json = null;
  try {
    prepared = (await step.prepare?.(driver.ctx)) ?? null;
  } catch (error) {
    return failedBeforeEffect(step, driver, error);
  }
  await reach('before-intent', step, driver);
  if (step.effect !== 'none') await driver.session.record({ type: 'step.intended', step: step.id, prepared });
  await reach('after-intent', step, driver);
  return { kind: 'ready', prepared };
}

async function attempt(step: Step, from: Whereabouts, driver: Driver): Promise<StepResult | Again> {
  if (step.effect === 'irreversible') await driver.lock.assertHeld();
  let output: Json;
  try {
    output = await step.run(from.prepared, driver.ctx);
  } catch (error) {
    if (error instanceof AwaitSignal) return defer(step, driver, error);
    if (isRotationError(error, 'INDETERMINATE')) {
      return { kind: 'again', from: { ...from, unclear: true }, error: recordOf(error, driver.redact) };
    }
    // A neighbour was changed between our look and our write, and the store refused: look again. After a try whose
    // answer was lost it may be our own effect, seen late, that is in the way.
    if (isRotationError(error, 'CONFLICT')) {
      const next = from.unclear ? { ...from, outOfDate: true } : NOT_BEGUN;
      return { kind: 'again', from: next, error: recordOf(error, driver.redact) };
    }
    return failedBeforeEffect(step, driver, error);
  }
  await reach('after-effect', step, driver);
  // Not awaited one by one: a crash before it is durable is reconciled, and the phase flushes at its end.
  const durable = driver.session.record({ type: 'step.done', step: step.id, output });
  if (step.effect === 'irreversible' || driver.probe !== undefined) await durable;
  await reach('after-outcome', step, driver);
  return { kind: 'done' };
}

/** A typed error other than INDETERMINATE says that nothing happened. Anything else is a defect, and passes through. */
async function failedBeforeEffect(
  step: Step,
  driver: Driver,
  error: unknown,
): Promise<Exclude<StepResult, { kind: 'done' }>> {
  if (!isRotationError(error)) throw error;
  if (error.code === 'ABORTED' || driver.interruption.hard.aborted) return { kind: 'interrupted' };
  const record = recordOf(error, driver.redact);
  await driver.session.record({ type: 'step.failed', step: step.id, error: record });
  return { kind: 'failed', error: record };
}

async function defer(step: Step, driver: Driver, wait: AwaitSignal): Promise<StepResult> {
  await driver.session.record({
    type: 'step.deferred',
    step: step.id,
    reason: driver.redact(wait.message),
    instructions: wait.instructions,
    next: wait.next,
  });
  return { kind: 'deferred' };
}

async function settle(
  step: Step,
  driver: Driver,
  looked: Exclude<Looked, { kind: 'absent' }>,
): Promise<StepResult> {
  if (looked.kind === 'unknown') return stuck(step, driver, looked.error);
  if (looked.kind === 'interrupted') return looked;
  await driver.session.record({ type: 'step.done', step: step.id, output: looked.output });
  return { kind: 'done' };
}

async function stuck(step: Step, driver: Driver, error: ErrorRecord): Promise<StepResult> {
  if (driver.interruption.hard.aborted) return { kind: 'interrupted' };
  await driver.session.record({ type: 'step.stuck', step: step.id, error });
  return { kind: 'stuck', error };
}

async function reach(point: ProbePoint, step: Step, driver: Driver): Promise<void> {
  if (driver.probe !== undefined) await driver.probe(point, step.id);
}
