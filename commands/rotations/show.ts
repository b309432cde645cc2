import { string as stringArg } from '@oclif/core/args';
import type { RotationDetails } from '../../src/app/rotation-listing.ts';
import { KeyturnCommand } from '../../src/ui/base-command.ts';

export default class RotationsShow extends KeyturnCommand {
  static override summary =
    'Show one rotation: each target and service, what is live, and the safe next command.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9',
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9 --json',
  ];
  static override args = { rotation: stringArg({ required: true, description: 'Id of the rotation.' }) };

  async run(): Promise<RotationDetails> {
    const { args, flags } = await this.parse(RotationsShow);
    const { openForReading } = await import('../../src/app/open-for-reading.ts');
    const { readState } = await import('../../src/app/rotations.ts');
    const { detailsOf } = await import('../../src/app/rotation-listing.ts');
    const { renderDetails } = await import('../../src/ui/render/render-details.ts');
    const runtime = await openForReading(flags.config);
    const details = detailsOf(await readState(runtime.storage, args.rotation));
    this.log(renderDetails(details));
    return details;
  }
}
