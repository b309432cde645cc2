import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import type { ReloadEmulator } from '../../core/plugins/emulator.ts';
import { writeProgramFaults } from '../../lib/process/emulator/program-faults.ts';

/**
 * systemctl, played by a program of ours: an action leaves a file; a file named `fail` makes the next one fail; the
 * lines of a file named `states` are what the next looks see, and then every unit is active.
 */
const PROGRAM = `#!NODE
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strikeAfter, strikeBefore, takeFault } from './faults.mjs';
const folder = FOLDER;
const WORDS = {
  401: 'Interactive authentication required.',
  403: 'Access denied',
  404: 'Unit not found.',
  429: 'Job for the unit failed: start request repeated too quickly.',
};
const [verb, ...units] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const fault = takeFault(verb !== 'is-active');
strikeBefore(fault, {
  refuse: (status) => {
    console.error(WORDS[status] ?? 'Failed to connect to bus: Connection refused');
    process.exit(status === 404 ? 5 : 1);
  },
});
writeFileSync(join(folder, 'argv'), process.argv.slice(2).join(' ') + '\\n', { flag: 'a' });
const states = join(folder, 'states');
if (verb === 'is-active') {
  const lines = existsSync(states) ? readFileSync(states, 'utf8').split('\\n').filter((line) => line !== '') : [];
  const [now = units.map(() => 'active').join(' '), ...later] = lines;
  if (lines.length > 0) writeFileSync(states, later.join('\\n'));
  const words = now.split(' ');
  await strikeAfter(fault);
  console.log(words.join('\\n'));
  process.exitCode = words.every((word) => word === 'active') ? 0 : 3;
} else {
  try {
    rmSync(join(folder, 'fail'));
    console.error('Job for ' + units[0] + ' failed because the control process exited with error code.');
    process.exitCode = 1;
  } catch {
    writeFileSync(join(folder, 'actions', String(process.pid) + '-' + String(process.hrtime.bigint())), '');
    await strikeAfter(fault);
  }
}
`;

export interface SystemdEmulator extends ReloadEmulator {
  readonly folder: string;
}

export async function startSystemdEmulator(): Promise<SystemdEmulator> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-systemd-'));
  const [program, actions] = [join(folder, 'systemctl.mjs'), join(folder, 'actions')];
  mkdirSync(actions);
  writeFileSync(
    program,
    PROGRAM.replace('NODE', process.execPath).replace('FOLDER', () => JSON.stringify(folder)),
  );
  chmodSync(program, 0o700);
  const faults = writeProgramFaults(folder);

  return {
    folder,
    options: ({ sudo: _ours, ...original }: JsonObject = { units: ['checkout.service'] }) => ({
      ...original,
      program,
    }),
    resolve: () => undefined,
    effects: () => (existsSync(actions) ? readdirSync(actions).length : 0),
    failNext: () => writeFileSync(join(folder, 'fail'), ''),
    protocol: faults.protocol,
    inject: faults.inject,
    stop: async () => {
      faults.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
