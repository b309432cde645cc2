import { RotationError } from '../errors/rotation-error.ts';
import type { JournalEntry } from './events.ts';
import type { GateState, RotationState, StepState, WaitState } from './state.ts';

/** The state while it is being folded: the maps are changed in place, since a wave may have 10,000 steps. */
interface Folding extends RotationState {
  updatedAt: string;
  steps: Map<string, StepState>;
  waits: Map<string, WaitState>;
  gates: Map<string, GateState>;
  notTakenBack: Set<string>;
  rollback?: { reason: string; incomplete: readonly string[] };
  problem?: NonNullable<RotationState['problem']>;
  returnedAt?: string;
  ended?: NonNullable<RotationState['ended']>;
}

/** A fold that can be fed one entry at a time; `state()` throws before the first. */
export interface RotationFold {
  apply(entry: JournalEntry): void;
  state(): RotationState;
}

export function createFold(): RotationFold {
  let state: Folding | undefined;
  return {
    apply: (entry) => {
      if (entry.type === 'rotation.started') {
        state = begin(entry);
        return;
      }
      if (state === undefined) throw notAJournal();
      applyTo(state, entry);
      state.updatedAt = entry.at;
    },
    state: () => {
      if (state === undefined) throw notAJournal();
      return state;
    },
  };
}

function notAJournal(): RotationError {
  return new RotationError('INTERNAL', {
    subject: 'journal',
    reason: 'it does not begin with rotation.started',
  });
}

function begin(entry: JournalEntry & { type: 'rotation.started' }): Folding {
  return {
    rotationId: entry.rotationId,
    key: entry.key,
    plan: entry.plan,
    startedAt: entry.at,
    updatedAt: entry.at,
    steps: new Map(),
    waits: new Map(),
    gates: new Map(),
    notTakenBack: new Set(),
  };
}

type Later = Exclude<JournalEntry, { type: 'rotation.started' }>;

function applyTo(state: Folding, entry: Later): void {
  if (isStepEntry(entry)) applyStep(state, entry);
  else applyPhase(state, entry);
}

type StepEntry = Extract<Later, { step: string }>;

function isStepEntry(entry: Later): entry is StepEntry {
  return 'step' in entry;
}

function applyStep(state: Folding, entry: StepEntry): void {
  const before = state.steps.get(entry.step) ?? NOT_INTENDED;
  const next = stepAfter(before, entry);
  state.steps.set(entry.step, { ...next, at: entry.at });
  if (entry.type === 'step.compensated') state.notTakenBack.delete(entry.step);
}

/** A step that failed while it only looked has no intent. */
const NOT_INTENDED: StepState = { status: 'intended', intended: false, prepared: null, at: '' };

function stepAfter(before: StepState, entry: StepEntry): StepState {
  const { at } = entry;
  switch (entry.type) {
    case 'step.intended':
      return { status: 'intended', intended: true, prepared: entry.prepared, at };
    case 'step.done':
      return { status: 'done', intended: true, prepared: before.prepared, output: entry.output, at };
    case 'step.orphaned':
      return { ...before, status: 'orphaned', output: entry.output };
    case 'step.failed':
      return { ...before, status: 'failed', error: entry.error, failure: entry.error };
    case 'step.stuck':
      return { ...before, status: 'stuck', error: entry.error };
    case 'step.deferred':
      return {
        status: 'deferred',
        intended: before.intended,
        prepared: before.prepared,
        waitsFor: { reason: entry.reason, instructions: entry.instructions, next: entry.next },
        at,
      };
    case 'step.compensating':
      return { ...before, status: 'compensating' };
    case 'step.compensated':
      return { ...before, status: 'compensated' };
    case 'step.not-compensated':
      return { ...before, status: 'not-compensated', error: entry.error };
  }
}

function applyPhase(state: Folding, entry: Exclude<Later, StepEntry>): void {
  switch (entry.type) {
    case 'wait.begun':
      state.waits.set(entry.phase, { from: entry.from, until: entry.until, over: false });
      return;
    case 'wait.over': {
      const wait = state.waits.get(entry.phase);
      if (wait !== undefined) state.waits.set(entry.phase, { ...wait, over: true });
      return;
    }
    case 'gate.reached':
      state.gates.set(entry.phase, { ...gateOf(state, entry.phase), evidence: entry.evidence });
      return;
    case 'gate.approved': {
      const approval = { by: entry.by, despiteEvidence: entry.despiteEvidence };
      state.gates.set(entry.phase, { ...gateOf(state, entry.phase), approval });
      return;
    }
    case 'gate.refused':
      state.gates.set(entry.phase, { evidence: gateOf(state, entry.phase).evidence, open: false });
      return;
    case 'gate.opened':
      state.gates.set(entry.phase, { ...gateOf(state, entry.phase), open: true });
      delete state.problem;
      return;
    case 'gate.returned':
      returnTo(state, entry);
      return;
    case 'rollback.begun':
      state.rollback = { reason: entry.reason, incomplete: [] };
      return;
    case 'rollback.incomplete':
      state.rollback = { reason: state.rollback?.reason ?? '', incomplete: entry.steps };
      return;
    case 'rotation.ended':
      state.ended = entry.outcome;
      delete state.problem;
      return;
    case 'driver.started':
      return;
  }
}

function returnTo(state: Folding, entry: JournalEntry & { type: 'gate.returned' }): void {
  for (const step of entry.steps) {
    if (state.steps.get(step)?.status === 'done') state.notTakenBack.add(step);
    state.steps.delete(step);
  }
  for (const wait of entry.waits) state.waits.delete(wait);
  state.gates.set(entry.phase, { evidence: [], open: false });
  state.problem = entry.error;
  state.returnedAt = entry.at;
}

function gateOf(state: Folding, phase: string): GateState {
  return state.gates.get(phase) ?? { evidence: [], open: false };
}
