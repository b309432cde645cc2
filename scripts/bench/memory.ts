/**
 * Memory and time of a whole `keyturn rotate` (preflight, push, gate) of the built package by number of targets:
 * `npx tsx scripts/bench/memory.ts [--rounds N]`. Builds the sources as they are.
 */
import { type ExecFileOptions, execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../build/root.ts';
import { createBench } from './measure/processes.ts';
import { type BenchResult, print } from './measure/result.ts';
import { shown, spreadOf } from './measure/statistics.ts';
import { refOf } from './seed.ts';

const SIZES = [1000, 5000, 10_000] as const;
const LIMIT_MB = 200;
const PACKAGE = join(ROOT, 'node_modules/.cache/keyturn-bench-package');

/** Starts the package as bin/run.js does, and tells on stderr what the process took when it ends. */
const START = `
  const begin = performance.now();
  process.on('exit', () => console.error(JSON.stringify({
    bench: true, peakMb: process.resourceUsage().maxRSS / 1024, wallMs: performance.now() - begin,
  })));
  require(process.argv[1] + '/start.cjs').start(process.argv.slice(2), process.argv[1]);`;

interface Whole {
  readonly peakMb: number;
  readonly wallMs: number;
}

export async function benchMemory(rounds: number): Promise<BenchResult[]> {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts', '--out', PACKAGE], { cwd: ROOT });
  const server = await (await createBench()).startServer(0);
  const runs = new Map<number, Whole[]>(SIZES.map((size) => [size, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [size, results] of runs)
      results.push(await rotateAll(server.address, size, `${size}-${round}`));
  }
  server.stop();
  const peaks = [...runs].map(
    ([size, results]) => [size, spreadOf(results.map(({ peakMb }) => peakMb))] as const,
  );
  const largest = peaks.at(-1)?.[1].max ?? Number.NaN;
  const smallest = peaks[0]?.[1].median ?? Number.NaN;
  return [
    ...peaks.map(([size, peak]) => ({
      what: `peak memory, ${size} targets`,
      measured: `${shown(peak, 0)} MB`,
    })),
    {
      what: `peak memory, ${SIZES.at(-1)} targets, worst round`,
      measured: `${largest.toFixed(0)} MB`,
      target: `${LIMIT_MB} MB`,
      holds: largest < LIMIT_MB,
    },
    {
      what: 'growth of the peak, a target',
      measured: `${(((largest - smallest) * 1024) / ((SIZES.at(-1) ?? 1) - SIZES[0])).toFixed(1)} KB`,
    },
    ...[...runs].map(([size, results]) => ({
      what: `whole command, ${size} targets`,
      measured: `${shown(spreadOf(results.map(({ wallMs }) => wallMs / 1000)))} s`,
    })),
  ];
}

async function rotateAll(address: string, targets: number, round: string): Promise<Whole> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    writeFileSync(join(folder, 'rotation.config.yaml'), configText(address, targets, round));
    const argv = [
      'rotate',
      'bench-key',
      '--yes',
      '--no-prompt',
      '--concurrency',
      '64',
      '--deactivate',
      'now',
    ];
    const stderr = await stderrOf([START, PACKAGE, ...argv, '--progress', 'plain'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, BENCH_TOKEN: 'bench-token' },
      maxBuffer: 64 * 1024 * 1024,
    });
    const told = stderr.split('\n').find((line) => line.startsWith('{"bench":true'));
    return JSON.parse(told ?? '{}') as Whole;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without a check the gate stays shut: paused (6) is as far as it goes. */
function stderrOf(
  script: readonly string[],
  options: ExecFileOptions & { encoding?: 'utf8' },
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', ...script], options, (error, _stdout, stderr) => {
      if (error === null || error.code === 6) resolve(stderr);
      else reject(error);
    });
  });
}

function configText(address: string, targets: number, round: string): string {
  const list = Array.from(
    { length: targets },
    (_, index) => `      - { store: vault, ref: ${refOf(round, index + 1)}, field: api_key }`,
  );
  return `version: 1
stores:
  vault:
    type: hashicorp-vault
    address: ${address}
    auth: { method: token, token: env:BENCH_TOKEN }
    concurrency: 64
    expect: { display_name: token-bench }
keys:
  bench-key:
    issuer: { type: generated, format: base64url, bits: 256 }
    policy: { maxTargets: ${targets} }
    targets:
${list.join('\n')}
`;
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
  print(await benchMemory(Number(values.rounds)));
}
