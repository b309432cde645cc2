import { string as stringArg } from '@oclif/core/args';
import { boolean as booleanFlag } from '@oclif/core/flags';
import type { RotationReport } from '../src/app/report.ts';
import type { Runtime } from '../src/app/runtime.ts';
import { EXIT, type ExitCode } from '../src/core/errors/exit-codes.ts';
import { RotationError } from '../src/core/errors/rotation-error.ts';
import type { FailureJson } from '../src/ui/print-failure.ts';
import { type DriveFlags, driveFlags, RotationCommand } from '../src/ui/rotation-command.ts';
import { worstExitCode } from '../src/ui/worst-exit-code.ts';

interface FailedRotation extends FailureJson {
  readonly rotationId: string;
}

interface DueReport {
  readonly rotations: readonly RotationReport[];
  /** Those that could not be carried on at all: damaged, locked. */
  readonly failed: readonly FailedRotation[];
}

export default class Resume extends RotationCommand {
  static override summary = 'Carry on a paused, interrupted or crashed rotation.';
  static override description =
    `A step with an outcome in the journal is never run again; one that was begun and has none is looked up at the real system first.

Without an id it takes the only open rotation. With --due it carries on every rotation whose wait is over: put it into cron.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9 --wait --progress plain',
    '<%= config.bin %> <%= command.id %> --due --no-prompt --json',
    'pbpaste | <%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9 --new-key-stdin',
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9 --confirm-done',
  ];
  static override args = {
    rotation: stringArg({
      ignoreStdin: true,
      description: 'Id of the rotation; the only open one by default.',
    }),
  };
  static override flags = {
    ...driveFlags,
    due: booleanFlag({
      summary: 'All that can go on by themselves now; exits with the worst code of theirs.',
      // One key cannot be the new one of several rotations, nor one word stand for what was done in each.
      exclusive: ['new-key-stdin', 'confirm-done'],
    }),
  };

  async run(): Promise<RotationReport | DueReport> {
    const { args, flags } = await this.parse(Resume);
    if (flags.due) {
      if (args.rotation !== undefined) throw oneAndAll(args.rotation);
      return this.resumeDue(flags);
    }
    const { resumeRotation } = await import('../src/app/resume.ts');
    const { onlyOpenRotation } = await import('../src/app/rotations.ts');
    const { takerOfRotation } = await import('../src/app/new-key-taker.ts');
    const idIn = async ({ storage }: Runtime): Promise<string> => args.rotation ?? onlyOpenRotation(storage);
    return this.drive(flags, {
      yes: true,
      useCase: async (runtime, dialog) => resumeRotation(runtime, await idIn(runtime), dialog),
      taker: async (runtime) => takerOfRotation(runtime.storage, await idIn(runtime)),
    });
  }

  private async resumeDue(flags: DriveFlags): Promise<DueReport> {
    const { dueRotations } = await import('../src/app/due-rotations.ts');
    const { openForReading } = await import('../src/app/open-for-reading.ts');
    const { resumeRotation } = await import('../src/app/resume.ts');
    const { due, damaged } = await dueRotations(await openForReading(flags.config));
    const rotations: RotationReport[] = [];
    const failed: FailedRotation[] = damaged.map(({ rotationId, message }) => {
      const hint = `Look with \`keyturn rotations show ${rotationId}\`; the others are carried on.`;
      this.warn(`${rotationId}: ${message}\n${hint}`);
      return { rotationId, error: { code: 'REFUSED', message, hint } };
    });
    const codes: ExitCode[] = failed.map(() => EXIT.refused);
    for (const rotationId of due) {
      // One that fails must not keep the others waiting.
      try {
        const report = await this.drive(flags, {
          yes: true,
          useCase: (runtime, dialog) => resumeRotation(runtime, rotationId, dialog),
        });
        rotations.push(report);
        codes.push(report.exitCode);
      } catch (error) {
        const failure = this.tellFailure(error);
        failed.push({ rotationId, ...failure.json });
        codes.push(failure.exitCode);
      }
      if (codes.at(-1) === EXIT.interrupted) break;
    }
    if (codes.length === 0) this.log('Nothing is due.');
    this.exitWith(worstExitCode(codes));
    return { rotations, failed };
  }
}

function oneAndAll(rotationId: string): RotationError {
  return new RotationError('CONFIG_INVALID', {
    subject: '--due',
    reason: `it carries on every rotation that is due, and ${rotationId} is named as well`,
    hint: 'Nothing was touched. Leave out one of the two.',
  });
}
