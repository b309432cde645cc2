import type { Step, StepContext } from './step.ts';

/** What a failed step of the phase leads to. */
export type FailurePolicy =
  /** Take back this phase and all before it. */
  | 'rollback'
  /** Take back the phases behind the gate, and wait at the gate again. */
  | 'back-to-gate'
  /** Keep everything as it is; a person decides. */
  | 'stop';

export interface StepsPhase {
  readonly kind: 'steps';
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step[];
  readonly concurrency: number;
  readonly onFailure: FailurePolicy;
  /** Its compensation runs only when everything after it has been taken back completely. */
  readonly barrier?: boolean;
}

export interface WaitPhase {
  readonly kind: 'wait';
  readonly id: string;
  readonly title: string;
  readonly ms: number;
}

export interface EvidenceItem {
  readonly text: string;
  /** `info` is told and does not count. */
  readonly verdict: 'pass' | 'fail' | 'inconclusive' | 'info';
}

export interface GatePhase {
  readonly kind: 'gate';
  readonly id: string;
  readonly title: string;
  /** `ask`: a person approves; `evidence`: opens by itself when every item passes. */
  readonly policy: 'ask' | 'evidence';
  /** Gathered anew each time the gate is looked at. */
  gather(
    ctx: StepContext,
    since: { readonly returnedAt: string | undefined },
  ): Promise<readonly EvidenceItem[]>;
}

export type Phase = StepsPhase | WaitPhase | GatePhase;
