import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Check, CheckResult } from '../../core/plugins/check.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { lastLine } from '../../lib/process/last-line.ts';
import { prepareCommand } from '../../lib/process/prepare-command.ts';
import { handOver } from './hand-over.ts';
import type { CommandCheckOptions } from './options.ts';
import { verdictOn } from './verdict-on.ts';

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openCommandCheck(options: CommandCheckOptions, ctx: OpenContext): Promise<Check> {
  const command = await prepareCommand(options, ctx);
  return {
    run: async ({ service, credential }, { signal }) => {
      const handed = handOver(options, credential);
      if ('missing' in handed) return neverRan(`the key has no part ${handed.missing}`);
      const outcome = await command.run({ service, ...handed, signal });
      if (outcome.aborted) throw new RotationError('ABORTED', { subject: ctx.name, reason: 'asked to stop' });
      if (outcome.startError !== undefined) return neverRan(outcome.startError);

      const { verdict, because } = verdictOn(outcome, options.failExit);
      const said = lastLine(outcome, [...Object.values(credential), ...command.secrets]);
      return {
        verdict,
        summary: said === '' ? because : `${because}: ${said}`,
        evidence: { program: options.command[0], exitCode: outcome.exitCode, timedOut: outcome.timedOut },
      };
    },
  };

  function neverRan(reason: string): CheckResult {
    const summary = `could not be run: ${reason}`;
    return { verdict: 'inconclusive', summary, evidence: { program: options.command[0], exitCode: null } };
  }
}
