import { userInfo } from 'node:os';
import { string as stringArg } from '@oclif/core/args';
import { boolean as booleanFlag } from '@oclif/core/flags';
import type { RotationReport } from '../src/app/report.ts';
import { driveFlags, RotationCommand } from '../src/ui/rotation-command.ts';

export default class Approve extends RotationCommand {
  static override summary = 'Open the gate: the old key may be switched off.';
  static override description =
    `The evidence is gathered anew before the gate opens; evidence that fails keeps it shut unless --despite-evidence is given. Who approved is journalled and stands on the receipt.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9',
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9 --no-prompt --wait --json',
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9 --despite-evidence',
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9 --confirm-done',
  ];
  static override args = {
    rotation: stringArg({ required: true, ignoreStdin: true, description: 'Id of the rotation.' }),
  };
  static override flags = {
    ...driveFlags,
    'despite-evidence': booleanFlag({
      summary: 'Open it although some evidence fails: for a leaked key that must die.',
    }),
  };

  async run(): Promise<RotationReport> {
    const { args, flags } = await this.parse(Approve);
    const { approveRotation } = await import('../src/app/resume.ts');
    const decision = { by: userInfo().username, despiteEvidence: flags['despite-evidence'] };
    const { takerOfRotation } = await import('../src/app/new-key-taker.ts');
    return this.drive(flags, {
      yes: true,
      useCase: (runtime, dialog) => approveRotation(runtime, args.rotation, decision, dialog),
      taker: ({ storage }) => takerOfRotation(storage, args.rotation),
    });
  }
}
