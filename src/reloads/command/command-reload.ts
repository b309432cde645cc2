import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { lastLine } from '../../lib/process/last-line.ts';
import { prepareCommand } from '../../lib/process/prepare-command.ts';
import { whyItEnded } from '../../lib/process/why-it-ended.ts';
import type { CommandReloadOptions } from './options.ts';

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openCommandReload(options: CommandReloadOptions, ctx: OpenContext): Promise<Reload> {
  const command = await prepareCommand(options, ctx);
  const [program] = options.command;
  return {
    run: async ({ service }, { signal }) => {
      const about = { subject: ctx.name, action: `reload ${service} with ${program}` };
      if (signal.aborted) throw new RotationError('ABORTED', { ...about, reason: 'asked to stop' });
      const outcome = await command.run({ service, signal });
      if (outcome.startError !== undefined) {
        const hint = 'Nothing was run; check `command`, `cwd` and that the program is installed here.';
        throw new RotationError('CONFIG_INVALID', { ...about, reason: outcome.startError, hint });
      }
      const said = lastLine(outcome, command.secrets);
      if (outcome.exitCode === 0) return { program, exitCode: 0, said };

      // Stopped half-way, it may have done its work already.
      if (outcome.exitCode === null || outcome.timedOut || outcome.aborted)
        throw new RotationError('INDETERMINATE', { ...about, reason: whyItEnded(outcome, ctx.timeoutMs) });
      const end = `exit code ${outcome.exitCode}`;
      throw new RotationError('CHECK_FAILED', {
        ...about,
        reason: said === '' ? end : `${end}: ${said}`,
        hint: 'Run the command by hand; a reload is safe to repeat.',
      });
    },
  };
}
