import { EXIT, type ExitCode } from '../core/errors/exit-codes.ts';
import type { EvidenceItem } from '../core/phase.ts';
import type { ErrorRecord } from '../core/rotation/events.ts';
import type { RotationState } from '../core/rotation/state.ts';
import type { Advance } from '../engine/advance.ts';
import { pointPassed } from '../engine/roll-back.ts';
import { describeLive, type LiveKeys } from './live-keys.ts';
import { diedOfNewKey, isBeingContained } from './no-return.ts';
import type { OpenRotation } from './open-rotation.ts';
import type { RotationPlan } from './plan/rotation-plan.ts';

/** Where a rotation stands, for people and as `--json`: what happened, what is live now, and the next command. */
export interface RotationReport {
  readonly rotationId: string;
  readonly key: string;
  readonly status: Advance['status'];
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly live: LiveKeys;
  /** Commands to run next, the safest first; empty when there is nothing to do. */
  readonly next: readonly string[];
  /** ISO 8601, while it waits for time. */
  readonly waitsUntil: string | null;
  readonly evidence: readonly EvidenceItem[];
  readonly error: ErrorRecord | null;
  /** What a person has to do, line by line. */
  readonly instructions: readonly string[];
}

const EXIT_OF: Readonly<Record<Advance['status'], ExitCode>> = {
  done: EXIT.done,
  'rolled-back': EXIT.rolledBack,
  'rollback-incomplete': EXIT.needsPerson,
  waiting: EXIT.paused,
  'at-gate': EXIT.paused,
  'needs-operator': EXIT.paused,
  stuck: EXIT.needsPerson,
  'back-at-gate': EXIT.needsPerson,
  stopped: EXIT.needsPerson,
  interrupted: EXIT.interrupted,
};

/** Of a rotation that is open: it knows whether there is still a way back. */
export function reportOn({ session, phases }: OpenRotation, at: Advance): RotationReport {
  return reportOf(session.state, at, pointPassed(phases, session.state) === undefined);
}

export function reportOf(state: RotationState, at: Advance, wayBack = true): RotationReport {
  const { rotationId } = state;
  const told = tell(state, at);
  const contained = isBeingContained(state);
  return {
    rotationId,
    key: state.key,
    status: at.status,
    exitCode: EXIT_OF[at.status],
    live: describeLive(state),
    waitsUntil: at.status === 'waiting' ? new Date(at.until).toISOString() : null,
    evidence: 'evidence' in at ? at.evidence : [],
    error: 'error' in at ? at.error : null,
    instructions: [],
    ...told,
    // A contained leak has no way back, nor has anything behind the point of no return.
    next: told.next.filter((command) => (wayBack && !contained) || !command.startsWith('keyturn rollback')),
  };
}

type Told = Pick<RotationReport, 'message' | 'next'> &
  Partial<Pick<RotationReport, 'instructions' | 'error'>>;

function tell(state: RotationState, at: Advance): Told {
  const resume = `keyturn resume ${state.rotationId}`;
  const rollback = `keyturn rollback ${state.rotationId}`;
  const approve = `keyturn approve ${state.rotationId}`;
  const show = `keyturn rotations show ${state.rotationId}`;
  switch (at.status) {
    case 'done':
      return { message: doneMessage(state), next: [] };
    case 'rolled-back':
      return { message: `Rolled back: ${at.reason}`, next: [`keyturn plan ${state.key}`] };
    case 'rollback-incomplete': {
      const errors = at.steps.map((step) => state.steps.get(step)?.error);
      return {
        message: `Failed (${at.reason}) and could not be taken back completely: ${names(at.steps)}`,
        next: [rollback, show],
        error: errors[0] ?? null,
        instructions: at.steps.map((step, index) => `${step}: ${errors[index]?.message ?? 'not taken back'}`),
      };
    }
    case 'waiting':
      return {
        message: `Paused: ${at.phase} lasts until ${new Date(at.until).toISOString()}`,
        next: [resume, rollback],
      };
    case 'at-gate':
      return { message: gateMessage(state, at.evidence), next: [approve, rollback] };
    case 'needs-operator': {
      const { reason, instructions, next } = state.steps.get(at.step)?.waitsFor ?? {
        reason: at.step,
        instructions: [],
        next: resume,
      };
      return {
        message: `Paused: ${reason}`,
        next: [next.replaceAll('ROTATION', state.rotationId), rollback],
        instructions,
      };
    }
    case 'stuck':
      return { message: `Stuck at ${at.step}: ${at.error.message}`, next: [resume, rollback] };
    case 'back-at-gate':
      return { message: `Back at the gate: ${at.error.message}`, next: [approve, show] };
    case 'stopped':
      return { message: `Stopped at ${at.step}: ${at.error.message}`, next: [resume, show] };
    case 'interrupted':
      return { message: 'Interrupted; everything so far is journalled', next: [resume, rollback] };
  }
}

function gateMessage(state: RotationState, evidence: readonly EvidenceItem[]): string {
  const failing = evidence.filter((item) => item.verdict === 'fail').length;
  const dead = diedOfNewKey(state);
  if (failing === 0 && dead)
    return 'Paused at the gate: the old key died when the new one was made; approve to prove it dead';
  if (failing === 0) return 'Paused at the gate: the old key is still live until you approve';
  const pieces = failing === 1 ? '1 piece of evidence fails' : `${failing} pieces of evidence fail`;
  return `Held at the gate: ${pieces}${dead ? '' : ', so the old key stays live'}; repair it, then approve`;
}

function doneMessage(state: RotationState): string {
  const { policy } = state.plan as unknown as RotationPlan;
  if (policy.deactivate !== 'never') return `Done: ${state.key} is rotated and the old key is retired`;
  return `Done: ${state.key} is rotated; the old key was left live, as asked`;
}

function names(steps: readonly string[]): string {
  const shown = steps.slice(0, 5).join(', ');
  return steps.length > 5 ? `${shown} and ${steps.length - 5} more` : shown;
}
