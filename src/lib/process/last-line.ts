import { stripVTControlCharacters } from 'node:util';
import type { Secret } from '../../core/secret.ts';
import { createRedactor, redactor } from '../redactor.ts';
import type { CommandOutcome } from './run-command.ts';

const LONGEST = 200;

/**
 * What a program said last, fit to be shown: without secrets (it may find more of them than it was given), without
 * control characters, cut to a sane length. stderr when it failed and said something there. Empty when it said nothing.
 */
export function lastLine(outcome: CommandOutcome, secrets: readonly Secret[]): string {
  const failed = outcome.exitCode !== 0;
  const said = failed && outcome.stderr.trim() !== '' ? outcome.stderr : outcome.stdout;
  // Where output was cut, the last line may end in the middle of a secret, which nobody would recognise.
  if (outcome.truncated) return '';
  const given = createRedactor();
  for (const secret of secrets) given.learn(secret.reveal());
  // Before the cut into lines: a secret may have several of them.
  const lines = given.redact(redactor.redact(stripVTControlCharacters(said))).split(/[\r\n]+/);
  const last = lines.findLast((line) => line.trim() !== '') ?? '';
  const plain = last.replace(/\p{Cc}/gu, ' ').trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
