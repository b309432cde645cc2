import type { Verdict } from '../../core/plugins/check.ts';
import type { CommandOutcome } from '../../lib/process/run-command.ts';

/** Shells say 126 and 127 when the program itself cannot be run, and more when a signal ended it. */
const LAST_OWN_EXIT_CODE = 125;

/** EX_TEMPFAIL of sysexits.h: the program could not find out. */
const NOT_NOW = 75;

/** What the end of a check program says about the service. */
export function verdictOn(
  { exitCode, timedOut }: Pick<CommandOutcome, 'exitCode' | 'timedOut'>,
  failExit: readonly number[] | undefined,
): { readonly verdict: Verdict; readonly because: string } {
  if (timedOut) return { verdict: 'inconclusive', because: 'did not end in time' };
  if (exitCode === null) return { verdict: 'inconclusive', because: 'was ended by a signal' };
  const because = `exit code ${exitCode}`;
  if (exitCode === 0) return { verdict: 'pass', because };
  const fails = failExit?.includes(exitCode) ?? (exitCode <= LAST_OWN_EXIT_CODE && exitCode !== NOT_NOW);
  return { verdict: fails ? 'fail' : 'inconclusive', because };
}
