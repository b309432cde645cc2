import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import type { CheckEmulator } from '../../core/plugins/emulator.ts';
import { writeProgramFaults } from '../../lib/process/emulator/program-faults.ts';
import { type CommandCheckOptions, optionsSchema } from './options.ts';

/** Stands for a secret of the user's own in a rehearsal. */
const ENV_REFERENCE = 'env:KEYTURN_EMULATED_VARIABLE';

const DEFAULT_CHECK: JsonObject = { command: ['check'], env: { API_KEY: 'value' } };

/**
 * The user's program, played by one of ours: it takes the key in the same way, and fails when it is not among the
 * accepted ones. Those lie in a file as hashes, since no plaintext goes to the disk. A program that is given no key asks
 * for health alone.
 */
const PROGRAM = `
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { exitCodeFor, strikeAfter, strikeBefore, takeFault } from './faults.mjs';
const fault = takeFault(false);
strikeBefore(fault, { refuse: (status) => process.exit(exitCodeFor(status)) });
const [acceptedFile, stdin, exitCode, ...variables] = process.argv.slice(2);
const given = variables.map((name) => process.env[name]);
if (stdin === 'value') given.push(readFileSync(0, 'utf8'));
if (stdin === 'json') given.push(...Object.values(JSON.parse(readFileSync(0, 'utf8'))));
const accepted = new Set(JSON.parse(readFileSync(acceptedFile, 'utf8')));
const known = given.some((value) => accepted.has(createHash('sha256').update(value ?? '').digest('hex')));
await strikeAfter(fault);
const welcome = given.length === 0 || known;
console.log(welcome ? 'the service works' : 'the service does not know the key');
process.exitCode = welcome ? 0 : Number(exitCode);
`;

export async function startCommandCheckEmulator(): Promise<CheckEmulator> {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-check-'));
  const [program, accepted] = [join(folder, 'check.mjs'), join(folder, 'accepted.json')];
  await writeFile(program, PROGRAM);
  const faults = writeProgramFaults(folder);
  await writeFile(accepted, '[]');

  return {
    options: (original = DEFAULT_CHECK) => {
      const { cwd: _theirs, passEnv: _ours, ...kept } = optionsSchema.parse(original);
      return {
        ...kept,
        command: [process.execPath, program, accepted, ...programArguments(kept)],
        envFrom: Object.fromEntries(Object.keys(kept.envFrom).map((name) => [name, ENV_REFERENCE])),
      };
    },
    resolve: (reference) => (reference === ENV_REFERENCE ? 'emulated variable' : undefined),
    // A check only asks.
    effects: () => 0,
    accept: (values) => {
      const hashes = values.map((value) => createHash('sha256').update(value).digest('hex'));
      writeFileSync(accepted, JSON.stringify(hashes));
    },
    protocol: faults.protocol,
    inject: faults.inject,
    stop: () => {
      faults.stop();
      return rm(folder, { recursive: true, force: true });
    },
  };
}

function programArguments({
  env,
  stdin,
  failExit,
}: Pick<CommandCheckOptions, 'env' | 'stdin' | 'failExit'>): string[] {
  return [stdin ?? 'none', String(failExit?.[0] ?? 1), ...Object.keys(env)];
}
