import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Tells on file descriptor 3, line by line, of each chunk read and whether V8 took its code cache. */
const WITNESS = join(import.meta.dirname, 'load-witness.cjs');

export interface ChunkLoad {
  /** Relative to `dist`. */
  readonly chunk: string;
  readonly cache: 'used' | 'rejected' | 'none';
}

export interface PackedRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly loads: readonly ChunkLoad[];
}

export interface RunOptions {
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `bin/run.js` of a package with an environment that holds nothing of this one but PATH. */
export async function runPacked(
  folder: string,
  argv: readonly string[],
  { node = process.execPath, env = {} }: RunOptions = {},
): Promise<PackedRun> {
  const child = spawn(node, ['--require', WITNESS, join(folder, 'bin/run.js'), ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const texts = [1, 2, 3].map(async (fd) => {
    const stream = child.stdio[fd] as NodeJS.ReadableStream;
    let text = '';
    for await (const piece of stream) text += String(piece);
    return text;
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  const [stdout = '', stderr = '', witness = ''] = await Promise.all(texts);
  const lines = witness.split('\n').filter((line) => line !== '');
  return { stdout, stderr, exitCode, loads: lines.map((line) => JSON.parse(line) as ChunkLoad) };
}
