import { string as stringArg } from '@oclif/core/args';
import { string as stringFlag } from '@oclif/core/flags';
import type { PlanResult } from '../src/app/plan/rotation-plan.ts';
import { EXIT } from '../src/core/errors/exit-codes.ts';
import { KeyturnCommand } from '../src/ui/base-command.ts';
import { withSameConfig } from '../src/ui/next-command.ts';
import { planFlags } from '../src/ui/plan-flags.ts';

export default class Plan extends KeyturnCommand {
  static override summary = 'Show what a rotation would do. Changes nothing anywhere.';
  static override description =
    `Looks at every store, the issuer and every service: the fingerprint each target holds now, what would be written, how it would be restored, the point of no return, and everything that speaks against the rotation.

Exits with 3 when preflight would refuse the rotation.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> postman-ci',
    '<%= config.bin %> <%= command.id %> postman-ci --out reviewed.plan.json',
    '<%= config.bin %> <%= command.id %> leaked-key --mode contain --deactivate now --json',
    '<%= config.bin %> <%= command.id %> postman-ci --config ops/rotation.config.yaml --concurrency 64 --accept-drift',
  ];
  static override args = {
    key: stringArg({ required: true, ignoreStdin: true, description: 'The key, as the config names it.' }),
  };
  static override flags = {
    out: stringFlag({ summary: 'Write the plan to a file for `rotate --plan`.', helpValue: 'FILE' }),
    ...planFlags,
  };

  async run(): Promise<PlanResult> {
    const { args, flags } = await this.parse(Plan);
    const { openForReading } = await import('../src/app/open-for-reading.ts');
    const { planRotation } = await import('../src/app/plan-rotation.ts');
    const runtime = await openForReading(flags.config);
    const request = {
      key: args.key,
      mode: flags.mode,
      concurrency: flags.concurrency,
      policy: flags.deactivate === undefined ? {} : { deactivate: flags.deactivate },
    };
    const result = await planRotation(runtime, request, {
      acceptDrift: flags['accept-drift'],
      onPreflight: () => {},
      tellsOpen: true,
    });
    const { renderPlan } = await import('../src/ui/render/render-plan.ts');
    this.log(renderPlan(result));
    const refused = result.findings.some((finding) => finding.severity === 'error');
    if (flags.out !== undefined) {
      const { writePlanFile } = await import('../src/app/plan/plan-file.ts');
      await writePlanFile(flags.out, result);
      const drift = flags['accept-drift'] ? ' --accept-drift' : '';
      const run = withSameConfig(`keyturn rotate ${args.key} --plan ${flags.out}${drift}`, flags.config);
      this.logToStderr(
        `Plan written to ${flags.out}. ${refused ? 'As things are it would be refused.' : `Run it with: ${run}`}`,
      );
    }
    if (refused) this.exitWith(EXIT.refused);
    return result;
  }
}
