import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
const exec = promisify(execFile);

export interface PackedPackage {
  /** The unpacked tarball, with no `node_modules` anywhere above it. */
  readonly folder: string;
  /** What npm would publish. */
  readonly tarball: string;
  /** Paths in the tarball. */
  readonly files: readonly string[];
  /** Chunk → the sources in it. */
  readonly contents: Readonly<Record<string, readonly string[]>>;
  remove(): Promise<void>;
}

/** Builds into a folder of its own, packs that as npm would publish it, and unpacks the tarball far from here. */
export async function packPackage(): Promise<PackedPackage> {
  const work = await mkdtemp(join(tmpdir(), 'keyturn-package-'));
  const stage = join(work, 'stage');
  await mkdir(stage);
  for (const path of ['package.json', 'bin'])
    await cp(join(ROOT, path), join(stage, path), { recursive: true });

  const contents = join(work, 'contents.json');
  const build = ['--import', 'tsx', 'scripts/build.ts', '--out', join(stage, 'dist'), '--contents', contents];
  await exec(process.execPath, build, { cwd: ROOT });

  const npm = ['pack', '--ignore-scripts', '--json', '--pack-destination', work];
  const { stdout } = await exec('npm', npm, { cwd: stage });
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  if (packed === undefined) throw new Error('npm pack made nothing');
  const tarball = join(work, packed.filename);
  await exec('tar', ['-xzf', tarball, '-C', work]);
  await rm(stage, { recursive: true });

  return {
    folder: join(work, 'package'),
    tarball,
    files: packed.files.map(({ path }) => path),
    contents: JSON.parse(await readFile(contents, 'utf8')) as Record<string, string[]>,
    remove: () => rm(work, { recursive: true }),
  };
}
