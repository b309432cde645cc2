import type { Clock } from './clock.ts';
import type { Json } from './json.ts';
import type { Secret } from './secret.ts';

/** `irreversible` steps are behind the point of no return; the fence is checked right before them. */
export type Effect = 'none' | 'reversible' | 'irreversible';

export interface StepView {
  readonly title: string;
  /** How its effect is taken back, for the plan. */
  readonly undo?: string;
}

export interface StepContext {
  readonly rotationId: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** What an earlier step gave; undefined when it has not run. */
  output(stepId: string): Json | undefined;
  /** Encrypts for the journal; bound to this rotation, useless once it has finished. */
  seal(secret: Secret): Promise<string>;
  unseal(sealed: string): Promise<Secret>;
}

export type Reconciliation<O extends Json> =
  | { readonly state: 'applied'; readonly output: O }
  /** Not there, or not all of it: `run` is called again with the same `prepared`, and completes what is missing. */
  | { readonly state: 'absent' }
  /** The effect is there but useless (a key whose material was lost): `discard` it and begin again. */
  | { readonly state: 'orphaned'; readonly output: O }
  | { readonly state: 'unknown'; readonly reason: string };

/**
 * The unit of work. `prepare` only looks; its answer is journalled with the intent, before `run` has its effect,
 * so that `reconcile` and `compensate` know what was there even when everything after was lost. Any method may be
 * called twice, even at once by two processes.
 */
export interface Step<P extends Json = Json, O extends Json = Json> {
  /** Stable and telling: `push:vault-prod/secret/apps/ci#api_key`. */
  readonly id: string;
  readonly effect: Effect;
  describe(): StepView;
  prepare?(ctx: StepContext): Promise<P>;
  /** @throws RotationError; AwaitSignal before any effect */
  run(prepared: P, ctx: StepContext): Promise<O>;
  /** Looks at the real state after an intent without outcome. Without it, such a step is stuck. */
  reconcile?(prepared: P, ctx: StepContext): Promise<Reconciliation<O>>;
  /** Removes an orphan that `reconcile` has proved to be ours. */
  discard?(orphan: O, ctx: StepContext): Promise<void>;
  /**
   * Takes the effect back. `output` is undefined when the outcome is not known; an absent effect is success.
   * `again`: it was begun before, and perhaps done. `failed`: the step failed, with an error that promises that nothing
   * happened.
   */
  compensate?(
    prepared: P,
    output: O | undefined,
    ctx: StepContext,
    attempt?: { readonly again: boolean; readonly failed?: boolean },
  ): Promise<void>;
}
