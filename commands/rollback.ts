import { string as stringArg } from '@oclif/core/args';
import type { RotationReport } from '../src/app/report.ts';
import { backFlags, RotationCommand } from '../src/ui/rotation-command.ts';

export default class Rollback extends RotationCommand {
  static override summary = 'Take a rotation back: old key everywhere, new key gone.';
  static override description =
    `Stores are restored in reverse, services reloaded and checked with the old key, and only then the new key is deleted. What cannot be taken back is named (exit 5). Refused past the point of no return.

Exits with 4 when everything is as it was before.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9',
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9 --no-prompt --json --progress json',
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9 --confirm-done',
  ];
  static override args = {
    rotation: stringArg({ required: true, ignoreStdin: true, description: 'Id of the rotation.' }),
  };
  static override flags = backFlags;

  async run(): Promise<RotationReport> {
    const { args, flags } = await this.parse(Rollback);
    const { rollBack } = await import('../src/app/resume.ts');
    return this.drive(flags, {
      yes: true,
      useCase: (runtime, dialog) => rollBack(runtime, args.rotation, dialog),
    });
  }
}
