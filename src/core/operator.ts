import type { Credential } from './credential.ts';

/** A piece of work that only a person can do, in a web page of the issuer. */
export interface AssistedTask {
  readonly title: string;
  /** The exact clicks, in order. */
  readonly instructions: readonly string[];
  readonly url?: string;
}

export interface RequestedPart {
  readonly name: string;
  /** What the prompt calls it: `New Postman API key`. */
  readonly label: string;
}

/** What the person is called with. */
export interface OperatorCall {
  /** Takes the question away. */
  readonly signal: AbortSignal;
}

export interface CredentialCall extends OperatorCall {
  /**
   * The acceptance test of whoever asks, to be passed before the person is let go: a mistyped value costs a second
   * try and not a rotation. May be called with one candidate after the other, and with the same one again.
   * @throws RotationError REFUSED or UNAUTHENTICATED when another value is needed; a retryable one when the candidate
   *   could not be looked at, which says nothing about it
   */
  readonly check: (candidate: Credential) => Promise<void>;
}

/** The person at the terminal, or what stands in for one: stdin, a rehearsal. */
export interface Operator {
  /**
   * Shows the task and takes the value by hidden prompt or stdin. What it gives has passed `call.check`.
   * @throws AwaitSignal when nobody is there to give it
   * @throws RotationError ABORTED when asked to stop; otherwise what `check` threw last
   */
  provideCredential(
    task: AssistedTask,
    parts: readonly RequestedPart[],
    call: CredentialCall,
  ): Promise<Credential>;
  /**
   * Shows the task and returns when the person says it is done.
   * @throws AwaitSignal when nobody is there to do it
   * @throws RotationError ABORTED when asked to stop
   */
  confirmDone(task: AssistedTask, call: OperatorCall): Promise<void>;
  /**
   * Takes parts of the key that is live now, which no store shows and no config names; asks once a process. Absent
   * where nobody is there to ask.
   * @throws RotationError ABORTED when asked to stop
   */
  provideCurrentKey?(key: string, parts: readonly string[], call: OperatorCall): Promise<Credential>;
}
