import { readdirSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import type { ReloadEmulator } from '../../core/plugins/emulator.ts';
import { writeProgramFaults } from '../../lib/process/emulator/program-faults.ts';
import { optionsSchema } from './options.ts';

/** Stands for a secret of the user's own in a rehearsal. */
const ENV_REFERENCE = 'env:KEYTURN_EMULATED_VARIABLE';

/** The user's program, played by one of ours: each reload leaves a file; a file named `fail` makes the next one fail. */
const PROGRAM = `
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strikeAfter, strikeBefore, takeFault } from './faults.mjs';
const fault = takeFault(true);
strikeBefore(fault, { refuse: (status) => process.exit(1) });
const folder = process.argv[2];
try {
  rmSync(join(folder, 'fail'));
  console.error('the service did not come up');
  process.exitCode = 1;
} catch {
  writeFileSync(join(folder, 'reloads', String(process.pid) + '-' + String(process.hrtime.bigint())), '');
  await strikeAfter(fault);
  console.log('reloaded ' + process.env.KEYTURN_SERVICE);
}
`;

export async function startCommandReloadEmulator(): Promise<ReloadEmulator> {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-reload-'));
  const [program, reloads] = [join(folder, 'reload.mjs'), join(folder, 'reloads')];
  await mkdir(reloads);
  await writeFile(program, PROGRAM);
  const faults = writeProgramFaults(folder);

  return {
    options: (original: JsonObject = { command: ['reload'] }) => {
      const { cwd: _theirs, passEnv: _ours, ...kept } = optionsSchema.parse(original);
      return {
        ...kept,
        command: [process.execPath, program, folder],
        envFrom: Object.fromEntries(Object.keys(kept.envFrom).map((name) => [name, ENV_REFERENCE])),
      };
    },
    resolve: (reference) => (reference === ENV_REFERENCE ? 'emulated variable' : undefined),
    effects: () => readdirSync(reloads).length,
    failNext: () => writeFileSync(join(folder, 'fail'), ''),
    protocol: faults.protocol,
    inject: faults.inject,
    stop: () => {
      faults.stop();
      return rm(folder, { recursive: true, force: true });
    },
  };
}
