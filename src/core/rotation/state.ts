import type { Json } from '../json.ts';
import type { EvidenceItem } from '../phase.ts';
import type { ErrorRecord, RotationOutcome } from './events.ts';

export type StepStatus =
  | 'intended'
  | 'done'
  | 'failed'
  | 'orphaned'
  | 'stuck'
  | 'deferred'
  | 'compensating'
  | 'compensated'
  | 'not-compensated';

export interface StepState {
  readonly status: StepStatus;
  /** Whether it may have had an effect: only then is there something to take back. */
  readonly intended: boolean;
  readonly prepared: Json;
  readonly output?: Json;
  readonly error?: ErrorRecord;
  /** Why it failed on the way forward; kept while it is taken back. */
  readonly failure?: ErrorRecord;
  /** What a deferred step waits for. */
  readonly waitsFor?: {
    readonly reason: string;
    readonly instructions: readonly string[];
    readonly next: string;
  };
  /** ISO 8601 of the last change. */
  readonly at: string;
}

export interface WaitState {
  /** Epoch ms at which it began: a clock that was set back shows here. */
  readonly from: number;
  readonly until: number;
  readonly over: boolean;
}

export interface GateState {
  readonly evidence: readonly EvidenceItem[];
  readonly approval?: { readonly by: string; readonly despiteEvidence: boolean };
  readonly open: boolean;
}

/** What the journal of one rotation adds up to. */
export interface RotationState {
  readonly rotationId: string;
  readonly key: string;
  readonly plan: Json;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly steps: ReadonlyMap<string, StepState>;
  readonly waits: ReadonlyMap<string, WaitState>;
  readonly gates: ReadonlyMap<string, GateState>;
  readonly rollback?: { readonly reason: string; readonly incomplete: readonly string[] };
  /** ISO 8601 of the last return to the gate: until then, our own proof of death has used the old key. */
  readonly returnedAt?: string;
  /** Why the rotation came back to the gate; until the gate opens again. */
  readonly problem?: ErrorRecord;
  /** Steps behind the gate that were done, and were not taken back when the rotation came back to it. */
  readonly notTakenBack: ReadonlySet<string>;
  readonly ended?: RotationOutcome;
}
