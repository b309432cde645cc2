import type { ErrorCode } from '../errors/codes.ts';
import type { Json } from '../json.ts';
import type { EvidenceItem } from '../phase.ts';

/** An error as it is kept: redacted, without its cause. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

export type RotationOutcome = 'done' | 'rolled-back';

/** Everything a journal can say. Adding a kind is a new journal version. */
export type RotationEvent =
  | {
      readonly type: 'rotation.started';
      readonly rotationId: string;
      readonly key: string;
      readonly plan: Json;
    }
  | { readonly type: 'driver.started'; readonly fence: number; readonly host: string; readonly pid: number }
  | { readonly type: 'step.intended'; readonly step: string; readonly prepared: Json }
  | { readonly type: 'step.done'; readonly step: string; readonly output: Json }
  | { readonly type: 'step.failed'; readonly step: string; readonly error: ErrorRecord }
  | { readonly type: 'step.orphaned'; readonly step: string; readonly output: Json }
  | { readonly type: 'step.stuck'; readonly step: string; readonly error: ErrorRecord }
  | {
      readonly type: 'step.deferred';
      readonly step: string;
      readonly reason: string;
      readonly instructions: readonly string[];
      readonly next: string;
    }
  | { readonly type: 'step.compensating'; readonly step: string }
  | { readonly type: 'step.compensated'; readonly step: string }
  | { readonly type: 'step.not-compensated'; readonly step: string; readonly error: ErrorRecord }
  | { readonly type: 'wait.begun'; readonly phase: string; readonly from: number; readonly until: number }
  | { readonly type: 'wait.over'; readonly phase: string }
  | { readonly type: 'gate.reached'; readonly phase: string; readonly evidence: readonly EvidenceItem[] }
  | {
      readonly type: 'gate.approved';
      readonly phase: string;
      readonly by: string;
      readonly despiteEvidence: boolean;
    }
  /** An approval met evidence that fails: it is spent, and does not wait for better times. */
  | { readonly type: 'gate.refused'; readonly phase: string }
  | { readonly type: 'gate.opened'; readonly phase: string }
  | {
      readonly type: 'gate.returned';
      readonly phase: string;
      /** Steps and waits behind the gate, which begin anew. */
      readonly steps: readonly string[];
      readonly waits: readonly string[];
      readonly error: ErrorRecord;
    }
  | { readonly type: 'rollback.begun'; readonly reason: string }
  | { readonly type: 'rollback.incomplete'; readonly steps: readonly string[] }
  | { readonly type: 'rotation.ended'; readonly outcome: RotationOutcome };

/** An event as it stands in a journal. */
export type JournalEntry = RotationEvent & {
  /** 1, 2, 3 … */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
};
