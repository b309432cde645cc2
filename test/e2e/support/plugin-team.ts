import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type PackedPackage, packPackage } from './packed-package.ts';

const ROOT = join(import.meta.dirname, '../../..');
const EMULATORS = join(import.meta.dirname, 'emulators-script.mjs');
const exec = promisify(execFile);

export interface TeamRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Where an emulator listens, and the token it takes. */
export interface EmulatedPlace {
  readonly address: string;
  readonly token: string;
}

/**
 * The repository of a team that has installed keyturn and a published plug-in, and works on two: a copy of the example,
 * and what it creates there.
 */
export interface PluginTeam {
  readonly folder: string;
  /** The installed command; `node` is another Node to run it with. */
  keyturn(
    argv: readonly string[],
    options?: { node?: string; env?: Record<string, string> },
  ): Promise<TeamRun>;
  /** `npm test` in a folder of theirs, as vitest counts it. */
  npmTest(path: string): Promise<{ readonly total: number; readonly passed: number; readonly text: string }>;
  /** Starts emulators, by the paths of their modules; both hold the same value. */
  emulate<Path extends string>(...paths: Path[]): Promise<Record<Path, EmulatedPlace>>;
  close(): Promise<void>;
}

export async function gatherPluginTeam(example: string): Promise<PluginTeam> {
  const packed = await packPackage();
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'keyturn-team-')));
  await install(packed, example, folder);
  const children: ChildProcess[] = [];

  return {
    folder,
    keyturn: (argv, { node = process.execPath, env = {} } = {}) => {
      const bin = join(folder, 'node_modules/.bin/keyturn');
      return run(node, [bin, ...argv], folder, { PATH: process.env['PATH'], HOME: folder, ...env });
    },
    npmTest: async (path) => {
      const report = ['--', '--reporter=json', '--reporter=default', '--outputFile.json=report.json'];
      const { stdout, stderr } = await run('npm', ['test', ...report], join(folder, path), ownEnvironment());
      const counted = (await import(join(folder, path, 'report.json'), { with: { type: 'json' } })) as {
        default: { numTotalTests: number; numPassedTests: number };
      };
      const { numTotalTests: total, numPassedTests: passed } = counted.default;
      return { total, passed, text: stdout + stderr };
    },
    emulate: async (...paths) => {
      const argv = [EMULATORS, ...paths.map((path) => join(folder, path))];
      const child = spawn(process.execPath, argv, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      const told = JSON.parse(line) as Record<string, EmulatedPlace>;
      const places = paths.map((path) => [path, told[join(folder, path)]] as const);
      return Object.fromEntries(places) as Record<(typeof paths)[number], EmulatedPlace>;
    },
    close: async () => {
      for (const child of children) child.kill();
      await packed.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** keyturn and the plug-in as npm would publish them; vitest is that of the repository. */
async function install({ tarball }: PackedPackage, example: string, folder: string): Promise<void> {
  const copy = join(folder, example);
  await cp(join(ROOT, 'examples', example), copy, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await exec('npm', pack, { cwd: copy, env: ownEnvironment() });
  const [published] = JSON.parse(stdout) as { filename: string }[];
  const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const packages = [tarball, join(folder, published?.filename ?? '')];
  await exec('npm', ['install', ...packages, ...quiet], { cwd: folder, env: ownEnvironment() });

  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '.bin'), { recursive: true });
  await symlink(join(ROOT, 'node_modules/vitest'), join(modules, 'vitest'));
  await symlink('../vitest/vitest.mjs', join(modules, '.bin/vitest'));
}

/** Without what the vitest and the npm around this have set for their own processes; with where packages come from. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(VITEST|TEST$|NODE_ENV$|npm_(?!config_(registry|cache|userconfig|globalconfig|cafile)$))/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function run(
  command: string,
  argv: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<TeamRun> {
  const child = spawn(command, argv, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { stdout, stderr, exitCode: exitCode ?? -1 };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const piece of stream) text += String(piece);
  return text;
}
