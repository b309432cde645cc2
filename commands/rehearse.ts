import { string as stringArg } from '@oclif/core/args';
import { string as stringFlag } from '@oclif/core/flags';
import type { RehearsalVerdict } from '../src/app/rehearse/rehearse.ts';
import { EXIT } from '../src/core/errors/exit-codes.ts';
import { KeyturnCommand } from '../src/ui/base-command.ts';
import { mannerFlags } from '../src/ui/plan-flags.ts';
import { backFlags } from '../src/ui/rotation-command.ts';

export default class Rehearse extends KeyturnCommand {
  static override summary =
    'Run a rotation against emulators of every system in it, with faults where you want them.';
  static override description =
    `Takes your own config, puts an emulator that speaks the real protocol in place of each store, issuer, check and reload, seeds them with fake values, and runs the whole rotation. Waits take no time. No real system is touched and no reference is resolved.

A fault is KIND@STEP, KIND one of kill, 429, lost-answer, failed-check, STEP the beginning of a step's id (create-key, push:vault-prod, check:checkout …). A killed run is resumed from its journal.

Exits with 0 when every store ends with one and the same key, with 2 when it does but a fault never struck, else with 5.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> postman-ci',
    '<%= config.bin %> <%= command.id %> postman-ci --fault kill@push:vault-prod --fault 429@push:aws-prod',
    '<%= config.bin %> <%= command.id %> postman-ci --fault failed-check@check:checkout --progress json',
    '<%= config.bin %> <%= command.id %> leaked-key --mode contain --concurrency 8 --json',
  ];
  static override args = {
    key: stringArg({ required: true, ignoreStdin: true, description: 'The key, as the config names it.' }),
  };
  static override flags = {
    fault: stringFlag({
      summary: 'What goes wrong, and where; may be given more than once.',
      multiple: true,
      helpValue: 'KIND@STEP',
    }),
    ...mannerFlags,
    progress: backFlags.progress,
  };

  async run(): Promise<RehearsalVerdict> {
    const { args, flags } = await this.parse(Rehearse);
    const { openForReading } = await import('../src/app/open-for-reading.ts');
    const { parseFault } = await import('../src/app/rehearse/fault-spec.ts');
    const { rehearse } = await import('../src/app/rehearse/rehearse.ts');
    const { createProgress, progressStyle } = await import('../src/ui/progress/create-progress.ts');
    const { renderVerdict } = await import('../src/ui/render/render-verdict.ts');
    const faults = (flags.fault ?? []).map(parseFault);
    const runtime = await openForReading(flags.config);
    const write = (text: string): void => void process.stderr.write(`${this.redacted(text)}\n`);
    const progress = await createProgress(progressStyle(flags.progress, this.jsonEnabled()), write);
    const request = {
      key: args.key,
      mode: flags.mode,
      concurrency: flags.concurrency,
      policy: {},
      acceptDrift: false,
      approvedPlan: undefined,
    };
    const verdict = await rehearse(runtime, request, faults, progress.onEvent).finally(() =>
      progress.settle(),
    );
    this.log(renderVerdict(verdict));
    // A fault that is misspelt has shown nothing: a script must not take that for a pass.
    const asked = verdict.faults.missed.length === 0 ? EXIT.done : EXIT.usage;
    this.exitWith(verdict.safe ? asked : EXIT.needsPerson);
    return verdict;
  }
}
