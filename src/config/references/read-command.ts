import { RotationError } from '../../core/errors/rotation-error.ts';
import { type CommandOutcome, runCommand } from '../../lib/process/run-command.ts';
import { splitWords } from '../../lib/process/split-words.ts';
import { type Reading, type ReferenceSettings, withoutNewline } from './reading.ts';

const TIMEOUT_MS = 30_000;

/**
 * What the program of `exec:COMMAND ARG…` prints, without its last newline. It gets our whole environment: the tools
 * meant here (`op`, `vault`, `aws`, `pass`) log in by it. Nothing it prints is ever shown, because that is the secret;
 * nor are its arguments, since some will have put one there.
 * @throws RotationError CONFIG_INVALID
 */
export async function readCommand(line: string, settings: ReferenceSettings): Promise<Reading> {
  const [program, ...args] = splitWords(line) ?? [];
  if (program === undefined || program === '') {
    throw new RotationError('CONFIG_INVALID', {
      subject: 'an exec: reference',
      reason: 'it is not a command: empty, or a quote is left open',
    });
  }
  const subject = `exec:${program}`;
  const timeoutMs = settings.execTimeoutMs ?? TIMEOUT_MS;
  const outcome = await runCommand({
    command: [program, ...args],
    cwd: settings.baseDir,
    env: withoutGaps(settings.env),
    timeoutMs,
    signal: new AbortController().signal,
  });
  const reason = problemOf(outcome, timeoutMs);
  if (reason === undefined) return { subject, value: withoutNewline(outcome.stdout) };
  const hint = 'Run the command by hand, in the folder of the config, to see what it says.';
  throw new RotationError('CONFIG_INVALID', { subject, reason, hint });
}

function problemOf(outcome: CommandOutcome, timeoutMs: number): string | undefined {
  if (outcome.startError !== undefined) return outcome.startError;
  if (outcome.timedOut) return `it did not end within ${timeoutMs} ms`;
  if (outcome.exitCode === null) return 'it was ended by a signal';
  if (outcome.exitCode !== 0) return `exit code ${outcome.exitCode}`;
  return outcome.truncated ? 'it printed more than any secret is long' : undefined;
}

function withoutGaps(env: ReferenceSettings['env']): Record<string, string> {
  const set = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return Object.fromEntries(set);
}
