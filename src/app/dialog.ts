import type { EvidenceItem } from '../core/phase.ts';
import type { EventListener } from '../engine/session.ts';
import type { PlanResult } from './plan/rotation-plan.ts';

/** The other side of a use case: a person at a terminal, or the flags of a script. */
export interface Dialog {
  /** Told of every event as it is journalled. */
  readonly onEvent: EventListener;
  /** Told how far preflight has come. */
  readonly onPreflight: (done: number, total: number) => void;
  /** Says what went wrong beside the rotation and does not stop it. */
  readonly note: (text: string) => void;
  /** Shows the plan and asks whether to begin. @throws RotationError REFUSED naming the flag, without a terminal */
  confirmStart(result: PlanResult): Promise<boolean>;
  /** Shows the evidence and asks whether the old key may be switched off; `undefined`: decide later. */
  decideGate(evidence: readonly EvidenceItem[]): Promise<GateDecision | undefined>;
  /** Whether to stay until then; false leaves the rotation paused. */
  stayUntil(phase: string, until: number): Promise<boolean>;
}

export interface GateDecision {
  readonly by: string;
  readonly despiteEvidence: boolean;
}
