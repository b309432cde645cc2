import type { CommandOutcome } from './run-command.ts';

/** Of a program that did not end by itself. */
export function whyItEnded(
  { timedOut, aborted }: Pick<CommandOutcome, 'timedOut' | 'aborted'>,
  timeoutMs: number,
): string {
  if (aborted) return 'it was asked to stop';
  return timedOut ? `it did not end within ${timeoutMs} ms` : 'it was ended by a signal';
}
