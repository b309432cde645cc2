import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { keepAsking } from '../../lib/http-probe/keep-asking.ts';
import { lastLine } from '../../lib/process/last-line.ts';
import { type CommandOutcome, runCommand } from '../../lib/process/run-command.ts';
import type { SystemdOptions } from './options.ts';
import { type UnitStates, unitStates } from './unit-states.ts';

export function openSystemdReload(options: SystemdOptions, ctx: OpenContext): Reload {
  const { units, action } = options;
  const about = { subject: ctx.name, action: `${action} ${units.join(', ')}` };

  const systemctl = async (words: readonly string[], signal: AbortSignal): Promise<CommandOutcome> => {
    const outcome = await runCommand({
      command: commandOf(options, words),
      cwd: ctx.baseDir,
      // Its words are looked at: not in the language of whoever logged in here.
      env: { ...sessionEnv(), LC_ALL: 'C' },
      timeoutMs: ctx.timeoutMs,
      signal,
    });
    if (outcome.startError === undefined) return outcome;
    const hint = 'Nothing was run; check that systemd (and sudo, where it is asked for) is installed here.';
    throw new RotationError('CONFIG_INVALID', { ...about, reason: outcome.startError, hint });
  };

  return {
    run: async (_subject, { signal }) => {
      if (signal.aborted) throw new RotationError('ABORTED', { ...about, reason: 'asked to stop' });
      const outcome = await systemctl([action, ...units], signal);
      if (outcome.exitCode !== 0) throw refused(outcome, ctx.timeoutMs, about);

      let inARow = 0;
      const pace = { clock: ctx.clock, signal, subject: ctx.name };
      const { reply, attempts } = await keepAsking(options, pace, async (): Promise<Look> => {
        const looked = await systemctl(['is-active', ...units], signal);
        // An interruption is no verdict on the units.
        if (looked.aborted) throw new RotationError('ABORTED', { ...about, reason: 'asked to stop' });
        const states = unitStates(units, looked.stdout);
        inARow = states.state === 'active' ? inARow + 1 : 0;
        const settled = states.state === 'failed' || inARow >= options.confirmations;
        return { ...states, settled, said: lastLine({ ...looked, stdout: '' }, []) };
      });
      if (reply.settled && reply.state === 'active') return { units: [...units], action, looks: attempts };
      throw new RotationError('CHECK_FAILED', {
        ...about,
        reason:
          reply.state === 'failed'
            ? [reply.seen, reply.said].filter((each) => each !== '').join(': ')
            : `not active for long enough after ${attempts} looks: ${reply.seen}`,
        hint: `Look at it: \`systemctl status\` and \`journalctl -u ${units[0] ?? ''}\`.`,
      });
    },
  };
}

type Look = UnitStates & { readonly settled: boolean; readonly said: string };

function commandOf(
  { program, sudo, user }: SystemdOptions,
  words: readonly string[],
): readonly [string, ...string[]] {
  const command = [
    program,
    ...(user ? ['--user'] : []),
    '--no-ask-password',
    '--no-pager',
    ...words,
  ] as const;
  return sudo ? ['sudo', '-n', ...command] : [command[0], ...command.slice(1)];
}

/** Where the service manager of a user is found. */
function sessionEnv(): Record<string, string> {
  const names = ['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** systemctl has its own words for what went wrong, and waits for the unit as long as its type says. */
function refused(
  outcome: CommandOutcome,
  timeoutMs: number,
  about: { readonly subject: string; readonly action: string },
): RotationError {
  // Stopped half-way, it may have done its work already: the job goes on without whoever asked for it.
  if (outcome.timedOut || outcome.aborted) {
    const reason = outcome.aborted ? 'it was asked to stop' : `it did not end within ${timeoutMs} ms`;
    const hint = 'A unit may take its time to start: raise `timeout` of the reload.';
    return new RotationError('INDETERMINATE', { ...about, reason, hint });
  }
  const said = lastLine(outcome, []);
  const end = outcome.exitCode === null ? 'it was ended by a signal' : `exit code ${outcome.exitCode}`;
  const reason = said === '' ? end : `${end}: ${said}`;
  // Exit codes of the LSB; newer systemctl says so for units it does not know.
  if (outcome.exitCode === 5) return new RotationError('NOT_FOUND', { ...about, reason });
  if (/authentication|access denied|a password is required|not permitted/i.test(said)) {
    const hint = 'Run keyturn as root, use `sudo: true` with a rule in sudoers, or grant it by polkit.';
    return new RotationError('PERMISSION_DENIED', { ...about, reason, hint });
  }
  return new RotationError('CHECK_FAILED', { ...about, reason });
}
