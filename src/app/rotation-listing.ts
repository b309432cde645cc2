import type { RotationState, StepState } from '../core/rotation/state.ts';
import { pushId } from '../steps/push.ts';
import { describeLive, type LiveKeys } from './live-keys.ts';
import { isBeingContained, isPastNoReturn } from './no-return.ts';
import type { RotationPlan } from './plan/rotation-plan.ts';

export interface RotationRow {
  readonly rotationId: string;
  readonly key: string;
  readonly status: string;
  readonly startedAt: string;
  readonly updatedAt: string;
}

export function rowOf(state: RotationState): RotationRow {
  const { rotationId, key, startedAt, updatedAt } = state;
  return { rotationId, key, status: statusOf(state), startedAt, updatedAt };
}

/** In one or two words, from the journal alone. */
export function statusOf(state: RotationState): string {
  if (state.ended !== undefined) return state.ended;
  if (state.rollback !== undefined)
    return state.rollback.incomplete.length > 0 ? 'rollback incomplete' : 'rolling back';
  const statuses = new Set([...state.steps.values()].map((step) => step.status));
  if (statuses.has('stuck')) return 'stuck';
  if (statuses.has('deferred')) return 'needs a person';
  const wait = [...state.waits].find(([, one]) => !one.over);
  if (wait !== undefined) return `waiting (${wait[0]})`;
  const gate = [...state.gates.values()].at(-1);
  if (gate !== undefined && !gate.open) return 'at the gate';
  return 'in progress';
}

export interface RotationDetails extends RotationRow {
  readonly live: LiveKeys;
  readonly targets: readonly {
    readonly id: string;
    readonly wave: string;
    readonly status: string;
    readonly error: string | null;
  }[];
  readonly services: readonly {
    readonly name: string;
    readonly owner: string | null;
    readonly steps: Readonly<Record<string, string>>;
  }[];
  readonly evidence: readonly { readonly text: string; readonly verdict: string }[];
  /** Steps that failed, are stuck or could not be taken back. */
  readonly problems: readonly {
    readonly step: string;
    readonly status: string;
    readonly message: string;
    readonly hint: string;
  }[];
  /** What a person has to do, line by line. */
  readonly instructions: readonly string[];
  readonly next: readonly string[];
}

export function detailsOf(state: RotationState): RotationDetails {
  const plan = state.plan as unknown as RotationPlan;
  return {
    ...rowOf(state),
    live: describeLive(state),
    targets: plan.targets.map((target) => {
      const step = state.steps.get(pushId(target));
      return {
        id: target.id,
        wave: target.wave,
        status: step?.status ?? 'not yet',
        error: step?.error?.message ?? null,
      };
    }),
    services: plan.services.map(({ name, owner }) => ({ name, owner, steps: stepsOfService(state, name) })),
    evidence: state.gates.get('gate')?.evidence ?? [],
    problems: problemsOf(state),
    instructions: waitedFor(state)?.instructions ?? [],
    next: nextCommands(state),
  };
}

function problemsOf(state: RotationState): RotationDetails['problems'] {
  const steps = [...state.steps].flatMap(([step, { status, error }]) =>
    error !== undefined && status !== 'done' && status !== 'compensated'
      ? [{ step, status, message: error.message, hint: error.hint }]
      : [],
  );
  if (state.problem === undefined || statusOf(state) !== 'at the gate') return steps;
  const { message, hint } = state.problem;
  return [{ step: 'gate', status: 'returned to', message, hint }, ...steps];
}

function stepsOfService(state: RotationState, name: string): Record<string, string> {
  const steps: Record<string, string> = {};
  for (const [id, step] of state.steps) {
    const rest = id.slice(id.indexOf(':') + 1);
    if (rest === name || rest.startsWith(`${name}/`)) steps[id] = step.status;
  }
  return steps;
}

/** The safe commands, the first is the one to run. A contained leak has no way back, nor has what is past its point. */
function nextCommands(state: RotationState): string[] {
  const forward = isBeingContained(state) || isPastNoReturn(state);
  return allCommands(state).filter((command) => !forward || !command.startsWith('keyturn rollback'));
}

function allCommands(state: RotationState): string[] {
  const { rotationId } = state;
  if (state.ended !== undefined) return [];
  if (state.rollback !== undefined) return [`keyturn rollback ${rotationId}`];
  const status = statusOf(state);
  if (status === 'at the gate') return [`keyturn approve ${rotationId}`, `keyturn rollback ${rotationId}`];
  const deferred = waitedFor(state)?.next;
  const resume =
    deferred === undefined ? `keyturn resume ${rotationId}` : deferred.replaceAll('ROTATION', rotationId);
  return [resume, `keyturn rollback ${rotationId}`];
}

/** What the first step that needs a person waits for. */
function waitedFor({ steps }: RotationState): StepState['waitsFor'] {
  return [...steps.values()].find((step) => step.status === 'deferred')?.waitsFor;
}
