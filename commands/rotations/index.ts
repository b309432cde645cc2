import type { RotationRow } from '../../src/app/rotation-listing.ts';
import { KeyturnCommand } from '../../src/ui/base-command.ts';

interface Answer {
  rotations: readonly RotationRow[];
  damaged: readonly { rotationId: string; message: string }[];
}

export default class Rotations extends KeyturnCommand {
  static override summary = 'List the rotations of this state folder, newest first.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json --config ops/rotation.config.yaml',
  ];

  async run(): Promise<Answer> {
    const { flags } = await this.parse(Rotations);
    const { openForReading } = await import('../../src/app/open-for-reading.ts');
    const { listRotations } = await import('../../src/app/rotations.ts');
    const { rowOf } = await import('../../src/app/rotation-listing.ts');
    const runtime = await openForReading(flags.config);
    const { states, damaged } = await listRotations(runtime.storage);
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
    return { rotations, damaged };
  }
}
