import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { lastLine } from '../../lib/process/last-line.ts';
import { type CommandOutcome, type CommandRun, runCommand } from '../../lib/process/run-command.ts';
import { whyItEnded } from '../../lib/process/why-it-ended.ts';
import { lookUntil } from '../../lib/reload/look-until.ts';
import { REQUEST_MS } from '../../lib/reload/request-time.ts';
import { startTimeLimit } from '../../lib/reload/time-limit.ts';
import type { SystemdOptions } from './options.ts';
import { type UnitStates, unitStates } from './unit-states.ts';

export function openSystemdReload(options: SystemdOptions, ctx: OpenContext): Reload {
  const { units, action } = options;
  const about = { subject: ctx.name, action: `${action} ${units.join(', ')}` };
  const hint = `Look at it: \`systemctl status\` and \`journalctl -u ${units[0] ?? ''}\`.`;

  const systemctl = async (
    words: readonly string[],
    { signal, timeoutMs }: Pick<CommandRun, 'signal' | 'timeoutMs'>,
  ): Promise<CommandOutcome> => {
    const outcome = await runCommand({
      command: commandOf(options, words),
      cwd: ctx.baseDir,
      // Its words are looked at: not in the language of whoever logged in here.
      env: { ...sessionEnv(), LC_ALL: 'C' },
      timeoutMs,
      signal,
    });
    if (outcome.startError === undefined) return outcome;
    const hint = 'Nothing was run; check that systemd (and sudo, where it is asked for) is installed here.';
    throw new RotationError('CONFIG_INVALID', { ...about, reason: outcome.startError, hint });
  };

  /** @throws RotationError TIMEOUT, ABORTED: no verdict on the units */
  const lookAt = async (signal: AbortSignal, timeoutMs: number): Promise<Look> => {
    const looked = await systemctl(['is-active', ...units], { signal, timeoutMs });
    if (looked.aborted) throw new RotationError('ABORTED', { ...about, reason: 'asked to stop' });
    if (looked.timedOut)
      throw new RotationError('TIMEOUT', { ...about, reason: `is-active took longer than ${timeoutMs} ms` });
    return { ...unitStates(units, looked.stdout), said: lastLine({ ...looked, stdout: '' }, []) };
  };

  return {
    run: async (_subject, { signal }) => {
      if (signal.aborted) throw new RotationError('ABORTED', { ...about, reason: 'asked to stop' });
      const limit = startTimeLimit(ctx.timeoutMs, { clock: ctx.clock, signal, subject: ctx.name });
      // All of the time: it lasts until the units have started.
      const outcome = await limit.within((within) =>
        systemctl([action, ...units], { signal: within, timeoutMs: ctx.timeoutMs }),
      );
      if (outcome.exitCode !== 0) throw refused(outcome, { ...about, timeoutMs: ctx.timeoutMs, signal });

      let inARow = 0;
      const look = async (within: AbortSignal): Promise<Look> => {
        const before = inARow;
        // A look that fails breaks the row.
        inARow = 0;
        const seen = await lookAt(within, REQUEST_MS);
        if (seen.state === 'active') inARow = before + 1;
        return seen;
      };
      const { looks } = await lookUntil(look, limit, {
        ...about,
        interval: options.interval,
        isUp: ({ state, seen, said }) => {
          if (state === 'failed') {
            const reason = [seen, said].filter((each) => each !== '').join(': ');
            throw new RotationError('CHECK_FAILED', { ...about, reason, hint });
          }
          return inARow >= options.confirmations;
        },
        tell: ({ seen }) => seen,
        hint: () => hint,
      });
      return { units: [...units], action, looks };
    },
  };
}

type Look = UnitStates & { readonly said: string };

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
  {
    timeoutMs,
    signal,
    ...about
  }: {
    readonly subject: string;
    readonly action: string;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): RotationError {
  // Stopped half-way, it may have done its work already: the job goes on without whoever asked for it.
  const { timedOut, aborted, exitCode } = outcome;
  if (exitCode === null || timedOut || aborted) {
    // The limit of the whole reload ends the program as a request to stop does.
    const late = { aborted: signal.aborted, timedOut: timedOut || aborted };
    const hint = 'A unit may take its time to start: raise `timeout` of the reload.';
    return new RotationError('INDETERMINATE', { ...about, reason: whyItEnded(late, timeoutMs), hint });
  }
  const said = lastLine(outcome, []);
  const reason = said === '' ? `exit code ${exitCode}` : `exit code ${exitCode}: ${said}`;
  // Exit codes of the LSB; newer systemctl says so for units it does not know.
  if (exitCode === 5) return new RotationError('NOT_FOUND', { ...about, reason });
  if (/authentication|access denied|a password is required|not permitted/i.test(said)) {
    const hint = 'Run keyturn as root, use `sudo: true` with a rule in sudoers, or grant it by polkit.';
    return new RotationError('PERMISSION_DENIED', { ...about, reason, hint });
  }
  return new RotationError('CHECK_FAILED', { ...about, reason });
}
