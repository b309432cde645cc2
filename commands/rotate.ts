import { string as stringArg } from '@oclif/core/args';
import { boolean as booleanFlag, string as stringFlag } from '@oclif/core/flags';
import type { RotationReport } from '../src/app/report.ts';
import { planFlags } from '../src/ui/plan-flags.ts';
import { driveFlags, RotationCommand } from '../src/ui/rotation-command.ts';

export default class Rotate extends RotationCommand {
  static override summary = 'Rotate a key everywhere it lives.';
  static override description =
    `Preflight, new key, push to every store, reload and check every service, gate, deactivation, proof of death, watch.

Any failure before the gate takes everything back. Until the point of no return, which the plan names, \`keyturn rollback\` does the same. A rotation that waits, is interrupted or crashes is carried on by \`keyturn resume\`.

Exit codes: 0 done, 3 preflight refused, 4 failed and rolled back, 5 needs a person, 6 paused, 7 locked, 8 plan out of date, 130 interrupted.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> postman-ci',
    '<%= config.bin %> <%= command.id %> postman-ci --plan reviewed.plan.json --yes --no-prompt',
    'pbpaste | <%= config.bin %> <%= command.id %> postman-ci --new-key-stdin --yes --no-prompt --deactivate ask',
    '<%= config.bin %> <%= command.id %> deploy-key --deactivate after-soak --wait --yes --json --progress json',
    '<%= config.bin %> <%= command.id %> leaked-key --mode contain --concurrency 64 --accept-drift',
    '<%= config.bin %> <%= command.id %> postman-ci --new-key-stdin --confirm-done --yes --no-prompt --deactivate now < new-key.txt',
  ];
  static override args = {
    key: stringArg({
      required: true,
      ignoreStdin: true,
      description: 'The key to rotate, as the config names it.',
    }),
  };
  static override flags = {
    ...driveFlags,
    plan: stringFlag({
      summary: 'Run this reviewed plan; refuse (exit 8) when reality has moved since.',
      helpValue: 'FILE',
    }),
    yes: booleanFlag({ char: 'y', summary: 'Begin without asking. The gate is decided by --deactivate.' }),
    ...planFlags,
  };

  async run(): Promise<RotationReport> {
    const { args, flags } = await this.parse(Rotate);
    const { rotate } = await import('../src/app/rotate.ts');
    const { takerOfKey } = await import('../src/app/new-key-taker.ts');
    const { readPlanFile } = await import('../src/app/plan/plan-file.ts');
    const approvedPlan = flags.plan === undefined ? undefined : await readPlanFile(flags.plan);
    const deactivate = flags.deactivate ?? approvedPlan?.policy.deactivate;
    const request = {
      key: args.key,
      mode: approvedPlan?.mode ?? flags.mode,
      concurrency: approvedPlan?.concurrency ?? flags.concurrency,
      policy: deactivate === undefined ? {} : { deactivate },
      acceptDrift: flags['accept-drift'],
      approvedPlan,
    };
    return this.drive(flags, {
      yes: flags.yes,
      useCase: (runtime, dialog) => rotate(runtime, request, dialog),
      taker: ({ config }) => takerOfKey(config, args.key),
    });
  }
}
