import { ux } from '@oclif/core/ux';
import type { DoctorItem } from '../src/app/doctor.ts';
import { EXIT } from '../src/core/errors/exit-codes.ts';
import { KeyturnCommand } from '../src/ui/base-command.ts';

const MARK = { ok: '+', warning: '!', error: 'x' } as const;
const COLOR = { ok: 'green', warning: 'yellow', error: 'red' } as const;

export default class Doctor extends KeyturnCommand {
  static override summary = 'Check what a rotation stands on: Node, config, state folder, stores, identity.';
  static override description =
    `Connects to every store and compares who keyturn is there with \`expect\`. Changes nothing. Exits with 3 when something would refuse a rotation.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json --config ops/rotation.config.yaml',
  ];

  async run(): Promise<{ items: readonly DoctorItem[] }> {
    const { flags } = await this.parse(Doctor);
    const { openForReading } = await import('../src/app/open-for-reading.ts');
    const { examine } = await import('../src/app/doctor.ts');
    const items = await examine(await openForReading(flags.config), (subject) =>
      this.logToStderr(`Asking ${subject} …`),
    );
    for (const item of items) {
      this.log(
        `${ux.colorize(COLOR[item.verdict], MARK[item.verdict])} ${item.area} ${item.subject}: ${item.message}`,
      );
      if (item.hint !== undefined) this.log(`    ${item.hint}`);
    }
    if (items.some((item) => item.verdict === 'error')) this.exitWith(EXIT.refused);
    return { items };
  }
}
