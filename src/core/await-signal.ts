/**
 * Thrown by a step that cannot go on without something from outside, before it had any effect: a person's
 * value, a person's deed. The rotation pauses and can be resumed by any process.
 */
export class AwaitSignal extends Error {
  override readonly name = 'AwaitSignal';
  readonly signal: 'operator';
  /** What the person has to do, line by line. */
  readonly instructions: readonly string[];
  /** The command (with its flag) that brings what is missing. */
  readonly next: string;

  constructor(reason: string, details: { instructions: readonly string[]; next: string }) {
    super(reason);
    this.signal = 'operator';
    this.instructions = details.instructions;
    this.next = details.next;
  }
}
