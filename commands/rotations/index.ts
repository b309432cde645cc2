import type { RotationRow } from '../../src/app/rotation-listing.ts';
import { KeyturnCommand } from '../../src/ui/base-command.ts';

interface Answer {
  rotations: readonly RotationRow[];
  damaged: readonly { rotationId: string; message: string }[];
  /** Null when the config is as it should be. */
  configProblem: string | null;
}

export default class Rotations extends KeyturnCommand {
  static override summary = 'List the rotations of this state folder, newest first.';
  static override description =
    'Reads journals alone. A config that is broken or missing is told in one line, and the state folder looked for without it: KEYTURN_STATE, else what the config says if that much can be read, else .keyturn beside it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json --config ops/rotation.config.yaml',
  ];

  async run(): Promise<Answer> {
    const { flags } = await this.parse(Rotations);
    const { openState } = await import('../../src/app/open-state.ts');
    const { listRotations } = await import('../../src/app/rotations.ts');
    const { rowOf } = await import('../../src/app/rotation-listing.ts');
    const { storage, configProblem } = await openState(flags.config);
    if (configProblem !== null) this.warn(configProblem);
    const { states, damaged } = await listRotations(storage);
    const rotations = states.map(rowOf);
    if (rotations.length === 0) this.log('No rotation has been begun here.');
    else {
      this.logTable(
        [
          { title: 'ROTATION' },
          { title: 'KEY', flexible: true },
          { title: 'STATUS' },
          { title: 'LAST CHANGE' },
        ],
        rotations.map((row) => [row.rotationId, row.key, row.status, row.updatedAt.slice(0, 19)]),
      );
    }
    for (const { rotationId, message } of damaged) this.warn(`${rotationId}: ${message}`);
    return { rotations, damaged, configProblem };
  }
}
