import { string as stringArg } from '@oclif/core/args';
import { boolean as booleanFlag } from '@oclif/core/flags';
import type { RotationReport } from '../src/app/report.ts';
import { driveFlags, RotationCommand } from '../src/ui/rotation-command.ts';

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
    rotation: stringArg({ description: 'Id of the rotation; the only open one by default.' }),
  };
  static override flags = {
    ...driveFlags,
    due: booleanFlag({ summary: 'All rotations whose wait is over; exits with the worst code of theirs.' }),
  };

  async run(): Promise<RotationReport | { rotations: readonly RotationReport[] }> {
    const { args, flags } = await this.parse(Resume);
    const { resumeRotation } = await import('../src/app/resume.ts');
    const { onlyOpenRotation } = await import('../src/app/rotations.ts');
    if (flags.due) return this.resumeDue(flags);
    return this.drive(flags, true, async (runtime, dialog) =>
      resumeRotation(runtime, args.rotation ?? (await onlyOpenRotation(runtime.storage)), dialog),
    );
  }

  private async resumeDue(
    flags: Parameters<RotationCommand['drive']>[0],
  ): Promise<{ rotations: readonly RotationReport[] }> {
    const { dueRotations } = await import('../src/app/due-rotations.ts');
    const { openForReading } = await import('../src/app/open-for-reading.ts');
    const { resumeRotation } = await import('../src/app/resume.ts');
    const due = await dueRotations(await openForReading(flags.config));
    const rotations: RotationReport[] = [];
    let worst = 0;
    for (const rotationId of due) {
      // One that fails must not keep the others waiting.
      try {
        rotations.push(
          await this.drive(flags, true, (runtime, dialog) => resumeRotation(runtime, rotationId, dialog)),
        );
      } catch (error) {
        await this.catch(error);
      }
      worst = Math.max(worst, Number(process.exitCode ?? 0));
    }
    if (due.length === 0) this.log('Nothing is due.');
    process.exitCode = worst;
    return { rotations };
  }
}
