import { isRotationError } from '../core/errors/rotation-error.ts';
import type { EvidenceItem, GatePhase, Phase, StepsPhase, WaitPhase } from '../core/phase.ts';
import type { ErrorRecord } from '../core/rotation/events.ts';
import type { StepStatus } from '../core/rotation/state.ts';
import type { Driver } from './driver.ts';
import { runPool } from './pool.ts';
import { assertReversible, rollBack, stepsOf, takeBack } from './roll-back.ts';
import { runStep, type StepResult } from './run-step.ts';

/** Where a rotation stands when `advance` returns. */
export type Advance =
  | { readonly status: 'done' }
  | { readonly status: 'rolled-back'; readonly reason: string }
  | { readonly status: 'rollback-incomplete'; readonly reason: string; readonly steps: readonly string[] }
  | { readonly status: 'waiting'; readonly phase: string; readonly until: number }
  | { readonly status: 'at-gate'; readonly phase: string; readonly evidence: readonly EvidenceItem[] }
  | { readonly status: 'needs-operator'; readonly step: string }
  | { readonly status: 'stuck'; readonly step: string; readonly error: ErrorRecord }
  /** A step behind the gate failed; the old key has been brought back where it can be. */
  | { readonly status: 'back-at-gate'; readonly step: string; readonly error: ErrorRecord }
  | { readonly status: 'stopped'; readonly step: string; readonly error: ErrorRecord }
  | { readonly status: 'interrupted' };

/** Called when nothing is left to do or to undo, before the end is journalled. */
export type Finish = (outcome: 'done' | 'rolled-back') => Promise<void>;

/**
 * Runs a rotation until it is done, stuck, or has to wait for time, a person or an approval. Nothing sleeps in
 * here: any process that holds the lock can call it again.
 */
export async function advance(phases: readonly Phase[], driver: Driver, finish: Finish): Promise<Advance> {
  const { state } = driver.session;
  if (state.ended !== undefined) return endedAs(state.ended, state.rollback?.reason);
  if (state.rollback !== undefined) return undo(phases, driver, finish, state.rollback.reason);
  const returning = returnCutShort(phases, driver);
  if (returning !== undefined) return returnToGate(phases, returning.index, returning.failure, driver);

  for (const [index, phase] of phases.entries()) {
    const halted = await runPhase(phase, driver);
    if (halted === undefined) continue;
    if ('status' in halted) return halted;
    return handleFailure(phases, index, halted, driver, finish);
  }
  await finish('done');
  await driver.session.record({ type: 'rotation.ended', outcome: 'done' });
  return { status: 'done' };
}

/** Begins (or carries on) the way back. @throws RotationError REFUSED past the point of no return */
export async function rollBackRotation(
  phases: readonly Phase[],
  driver: Driver,
  finish: Finish,
  reason: string,
): Promise<Advance> {
  const { state } = driver.session;
  if (state.ended !== undefined) return endedAs(state.ended, state.rollback?.reason);
  assertReversible(phases, driver);
  if (state.rollback === undefined) await driver.session.record({ type: 'rollback.begun', reason });
  return undo(phases, driver, finish, state.rollback?.reason ?? reason);
}

interface Failure {
  readonly step: string;
  readonly error: ErrorRecord;
}

function runPhase(phase: Phase, driver: Driver): Promise<Advance | Failure | undefined> {
  if (driver.interruption.soft.aborted) return Promise.resolve({ status: 'interrupted' });
  switch (phase.kind) {
    case 'steps':
      return runSteps(phase, driver);
    case 'wait':
      return runWait(phase, driver);
    case 'gate':
      return runGate(phase, driver);
  }
}

/** All steps that began are settled before anything is decided, so that no push lands after its undo. */
async function runSteps(phase: StepsPhase, driver: Driver): Promise<Advance | Failure | undefined> {
  const pending = phase.steps.filter((step) => driver.session.state.steps.get(step.id)?.status !== 'done');
  const results = new Map<string, Exclude<StepResult, { kind: 'done' }>>();
  await runPool(
    pending,
    phase.concurrency,
    async (step) => {
      const result = await runStep(step, driver);
      if (result.kind !== 'done') results.set(step.id, result);
    },
    () => results.size > 0 || driver.interruption.soft.aborted,
  );
  await driver.session.flush();
  return (
    worstOf(results) ??
    (driver.interruption.soft.aborted && hasPending(phase, driver) ? { status: 'interrupted' } : undefined)
  );
}

/** What is not known outweighs what failed: a rollback must not begin over a push that may still be unclear. */
function worstOf(results: ReadonlyMap<string, StepResult>): Advance | Failure | undefined {
  let failure: Failure | undefined;
  let halted: Advance | undefined;
  for (const [step, result] of results) {
    if (result.kind === 'stuck') return { status: 'stuck', step, error: result.error };
    if (result.kind === 'failed') failure ??= { step, error: result.error };
    if (result.kind === 'interrupted') halted = { status: 'interrupted' };
    if (result.kind === 'deferred') halted ??= { status: 'needs-operator', step };
  }
  return failure ?? halted;
}

function hasPending(phase: StepsPhase, driver: Driver): boolean {
  return phase.steps.some((step) => driver.session.state.steps.get(step.id)?.status !== 'done');
}

async function runWait(phase: WaitPhase, driver: Driver): Promise<Advance | undefined> {
  if (phase.ms <= 0) return undefined;
  const wait = driver.session.state.waits.get(phase.id);
  if (wait?.over === true) return undefined;
  const now = driver.clock.now();
  // A clock that was set back by a year must not make ten minutes a year: count again from here.
  if (wait === undefined || now < wait.from) {
    const until = now + phase.ms;
    await driver.session.record({ type: 'wait.begun', phase: phase.id, from: now, until });
    return { status: 'waiting', phase: phase.id, until };
  }
  if (now < wait.until) return { status: 'waiting', phase: phase.id, until: wait.until };
  await driver.session.record({ type: 'wait.over', phase: phase.id });
  return undefined;
}

async function runGate(phase: GatePhase, driver: Driver): Promise<Advance | undefined> {
  const before = driver.session.state.gates.get(phase.id);
  if (before?.open === true) return undefined;
  const evidence = await gathered(phase, driver);
  if (evidence === undefined) return { status: 'interrupted' };
  await driver.session.record({ type: 'gate.reached', phase: phase.id, evidence });
  if (!mayOpen(phase, evidence, before?.approval, driver.session.state.problem)) {
    if (before?.approval !== undefined)
      await driver.session.record({ type: 'gate.refused', phase: phase.id });
    return { status: 'at-gate', phase: phase.id, evidence };
  }
  await driver.session.record({ type: 'gate.opened', phase: phase.id });
  return undefined;
}

/** Undefined when it was cut off by a request to stop. */
async function gathered(phase: GatePhase, driver: Driver): Promise<readonly EvidenceItem[] | undefined> {
  try {
    return await phase.gather(driver.ctx, { returnedAt: driver.session.state.returnedAt });
  } catch (error) {
    if (isRotationError(error, 'ABORTED')) return undefined;
    throw error;
  }
}

/** After a failure behind it a gate waits for a person: its evidence was as good before that. */
function mayOpen(
  phase: GatePhase,
  evidence: readonly EvidenceItem[],
  approval: { readonly despiteEvidence: boolean } | undefined,
  problem: ErrorRecord | undefined,
): boolean {
  if (approval?.despiteEvidence === true) return true;
  if (approval !== undefined) return evidence.every((item) => item.verdict !== 'fail');
  return (
    phase.policy === 'evidence' &&
    problem === undefined &&
    evidence.every((item) => item.verdict === 'pass' || item.verdict === 'info')
  );
}

async function handleFailure(
  phases: readonly Phase[],
  index: number,
  failure: Failure,
  driver: Driver,
  finish: Finish,
): Promise<Advance> {
  const phase = phases[index] as StepsPhase;
  switch (phase.onFailure) {
    case 'rollback':
      await driver.session.record({ type: 'rollback.begun', reason: failure.error.message });
      return undo(phases, driver, finish, failure.error.message);
    case 'back-to-gate':
      return returnToGate(phases, index, failure, driver);
    case 'stop':
      return { status: 'stopped', ...failure };
  }
}

async function undo(
  phases: readonly Phase[],
  driver: Driver,
  finish: Finish,
  reason: string,
): Promise<Advance> {
  const left = await rollBack(phases, driver);
  if (left === 'interrupted') return { status: 'interrupted' };
  if (left.length > 0) {
    await driver.session.record({ type: 'rollback.incomplete', steps: left });
    return { status: 'rollback-incomplete', reason, steps: left };
  }
  await finish('rolled-back');
  await driver.session.record({ type: 'rotation.ended', outcome: 'rolled-back' });
  return { status: 'rolled-back', reason };
}

/** Brings back what can be brought back behind the last gate, and waits there again. */
async function returnToGate(
  phases: readonly Phase[],
  index: number,
  failure: Failure,
  driver: Driver,
): Promise<Advance> {
  const gateIndex = phases.findLastIndex((phase, at) => phase.kind === 'gate' && at < index);
  const gate = phases[gateIndex];
  if (gate === undefined) return { status: 'stopped', ...failure };
  const behind = phases.slice(gateIndex + 1);
  // Once the old key may be dead for good, the way back is open only when it was seen alive (CHECK_FAILED).
  if (failure.error.code !== 'CHECK_FAILED' && hasPassedNoReturn(behind, driver))
    return { status: 'stopped', ...failure };
  for (const phase of [...behind].reverse()) {
    if (phase.kind !== 'steps') continue;
    const left = await takeBack(phase, driver);
    // Not all may have been taken back: a resume comes here again.
    if (driver.interruption.soft.aborted) return { status: 'interrupted' };
    const first = left[0];
    const error = first === undefined ? undefined : driver.session.state.steps.get(first)?.error;
    if (first !== undefined && error !== undefined) return { status: 'stopped', step: first, error };
  }
  await driver.session.record({
    type: 'gate.returned',
    phase: gate.id,
    steps: behind.flatMap((phase) => (phase.kind === 'steps' ? phase.steps.map((step) => step.id) : [])),
    waits: behind.flatMap((phase) => (phase.kind === 'wait' ? [phase.id] : [])),
    error: failure.error,
  });
  return { status: 'back-at-gate', ...failure };
}

/**
 * A return to the gate that a crash or an interruption cut short is carried on: what it has taken back already must
 * not be done again without a new approval.
 */
function returnCutShort(
  phases: readonly Phase[],
  driver: Driver,
): { readonly index: number; readonly failure: Failure } | undefined {
  const { steps } = driver.session.state;
  const begun = stepsOf(phases).some((step) => BEING_TAKEN_BACK.has(steps.get(step.id)?.status ?? 'done'));
  if (!begun) return undefined;
  for (const [index, phase] of phases.entries()) {
    for (const { id } of phase.kind === 'steps' ? phase.steps : []) {
      // It may be the very step that failed which is being taken back.
      const error = steps.get(id)?.failure;
      if (error !== undefined) return { index, failure: { step: id, error } };
    }
  }
  return undefined;
}

const BEING_TAKEN_BACK: ReadonlySet<StepStatus> = new Set(['compensating', 'compensated', 'not-compensated']);

function hasPassedNoReturn(behind: readonly Phase[], driver: Driver): boolean {
  return stepsOf(behind).some(
    (step) => step.effect === 'irreversible' && driver.session.state.steps.get(step.id)?.status === 'done',
  );
}

function endedAs(outcome: 'done' | 'rolled-back', reason: string | undefined): Advance {
  return outcome === 'done' ? { status: 'done' } : { status: 'rolled-back', reason: reason ?? '' };
}
