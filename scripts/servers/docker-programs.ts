import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuietly } from './run-quietly.ts';

/** An engine, what runs containers for it, and a program for one to run that needs nothing beside itself. */
const PACKAGES = ['docker.io', 'containerd', 'runc', 'tini', 'iptables', 'libip4tc2', 'busybox-static'];

/** Seconds for what asks the network. */
const PATIENCE_S = '300';

const HOME = join(import.meta.dirname, '../../.servers/docker-debian');

export interface DockerPrograms {
  /** For PATH. */
  readonly folders: readonly string[];
  /** For LD_LIBRARY_PATH. */
  readonly libraries: readonly string[];
  /** Linked statically. */
  readonly busybox: string;
}

/**
 * Packages of Debian, unpacked on first use into a folder of ours: nothing of the system is changed.
 * @throws Error where there is no apt, or it does not have them
 */
export async function dockerPrograms(): Promise<DockerPrograms> {
  if (!existsSync(HOME)) await unpack();
  const places = ['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((folder) => join(HOME, folder));
  const libraries = join(HOME, 'usr/lib');
  return {
    folders: places,
    libraries: (await readdir(libraries)).map((name) => join(libraries, name)),
    busybox: join(HOME, 'bin/busybox'),
  };
}

/** Moved to its place when it is complete, so that a broken installation is never taken for a finished one. */
async function unpack(): Promise<void> {
  const making = `${HOME}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  // A new machine has no lists yet.
  await download(making).catch(async () => {
    await runQuietly('timeout', [PATIENCE_S, 'apt-get', 'update', '-q']);
    await download(making);
  });
  const packages = (await readdir(making)).filter((name) => name.endsWith('.deb'));
  for (const name of packages) await runQuietly('dpkg', ['-x', join(making, name), join(making, 'root')]);
  await rename(join(making, 'root'), HOME);
  await rm(making, { recursive: true, force: true });
}

const DOWNLOAD = 'cd "$1" && shift && exec apt-get download -q "$@"';

const download = (folder: string): Promise<void> =>
  runQuietly('timeout', [PATIENCE_S, 'sh', '-c', DOWNLOAD, 'sh', folder, ...PACKAGES]);
