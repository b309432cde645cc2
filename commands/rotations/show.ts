import { string as stringArg } from '@oclif/core/args';
import type { RotationDetails } from '../../src/app/rotation-listing.ts';
import { KeyturnCommand } from '../../src/ui/base-command.ts';
import { withSameConfig } from '../../src/ui/next-command.ts';

interface Answer extends RotationDetails {
  /** Null when the config is as it should be. */
  readonly configProblem: string | null;
}

export default class RotationsShow extends KeyturnCommand {
  static override summary =
    'Show one rotation: each target and service, what is live, and the safe next command.';
  static override description =
    'Reads the journal alone, so that a config that is broken or missing is told and is no obstacle. To carry on or to take back, the config has to be right.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9',
    '<%= config.bin %> <%= command.id %> r20261124-174501-k7f2q9 --json',
  ];
  static override args = {
    rotation: stringArg({ required: true, ignoreStdin: true, description: 'Id of the rotation.' }),
  };

  async run(): Promise<Answer> {
    const { args, flags } = await this.parse(RotationsShow);
    const { openState } = await import('../../src/app/open-state.ts');
    const { readState } = await import('../../src/app/rotations.ts');
    const { detailsOf } = await import('../../src/app/rotation-listing.ts');
    const { renderDetails } = await import('../../src/ui/render/render-details.ts');
    const { storage, configProblem } = await openState(flags.config);
    if (configProblem !== null) this.warn(configProblem);
    const told = detailsOf(await readState(storage, args.rotation));
    const details = { ...told, next: told.next.map((command) => withSameConfig(command, flags.config)) };
    this.log(renderDetails(details));
    return { ...details, configProblem };
  }
}
