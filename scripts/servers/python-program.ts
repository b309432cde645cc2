import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuietly } from './run-quietly.ts';

/** A program that a package from the Python index brings. */
export interface PythonProgram {
  /** Of the program, as the package installs it. */
  readonly name: string;
  readonly requirement: string;
  /** Pinned, and part of the folder's name: another version is another installation. */
  readonly version: string;
}

const FOLDER = join(import.meta.dirname, '../../.servers');

/**
 * The path of the program, in a virtual environment of its own that is made on first use. The folder is marked when it
 * is complete, so a broken installation is never taken for a finished one.
 * @throws Error when there is no python, or pip cannot install
 */
export async function installPythonProgram({ name, requirement, version }: PythonProgram): Promise<string> {
  const home = join(FOLDER, `${requirement.replace(/\[.*\]$/, '')}-${version}`);
  const program = join(home, 'bin', name);
  if (existsSync(join(home, '.complete'))) return program;
  rmSync(home, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const python = process.env['PYTHON'] ?? 'python3';
  await runQuietly(python, ['-m', 'venv', home]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await runQuietly(join(home, 'bin', 'python'), [...pip, `${requirement}==${version}`]);
  await mkdir(join(home, '.making'));
  renameSync(join(home, '.making'), join(home, '.complete'));
  return program;
}
