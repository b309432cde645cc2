import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuietly } from './run-quietly.ts';

export const MOTO_VERSION = '5.2.5';

const FOLDER = join(import.meta.dirname, '../../.servers');

/**
 * The path of `moto_server` in a virtual environment of its own, made on first use. The folder carries the version and
 * gets its name when it is complete, so a broken installation is never taken for a finished one.
 * @throws Error when there is no python, or pip cannot install
 */
export async function installMoto(): Promise<string> {
  const home = join(FOLDER, `moto-${MOTO_VERSION}`);
  const program = join(home, 'bin', 'moto_server');
  if (existsSync(join(home, '.complete'))) return program;
  rmSync(home, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const python = process.env['PYTHON'] ?? 'python3';
  await runQuietly(python, ['-m', 'venv', home]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await runQuietly(join(home, 'bin', 'python'), [...pip, `moto[server]==${MOTO_VERSION}`]);
  await mkdir(join(home, '.making'));
  renameSync(join(home, '.making'), join(home, '.complete'));
  return program;
}
