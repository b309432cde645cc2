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

/** The person at the terminal, or what stands in for one: stdin, a rehearsal. */
export interface Operator {
  /**
   * Shows the task and takes the value by hidden prompt or stdin.
   * @throws AwaitSignal when nobody is there to give it.
   */
  provideCredential(task: AssistedTask, parts: readonly RequestedPart[]): Promise<Credential>;
  /**
   * Shows the task and returns when the person says it is done.
   * @throws AwaitSignal when nobody is there to do it.
   */
  confirmDone(task: AssistedTask): Promise<void>;
}
