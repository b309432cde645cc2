/**
 * How long the built package takes to start, against a bare `node -e 0`, all by turns so that a busy machine slows them
 * alike. Prints the median, the spread and the ratio of wall time, and the ratio of processor time (user and system,
 * of children too), which other work disturbs less; `--max` fails when a ratio of wall time is above target.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../build/root.ts';

interface Case {
  readonly name: string;
  readonly argv: readonly string[];
  /** Largest ratio wanted. */
  readonly target: number;
}

interface Sample {
  readonly wallMs: number;
  /** NaN where the system does not tell. */
  readonly cpuMs: number;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '25' },
    node: { type: 'string', default: process.execPath },
    package: { type: 'string', default: ROOT },
    max: { type: 'boolean', default: false },
  },
});
const RUN = join(values.package, 'bin/run.js');

const CASES: readonly Case[] = [
  { name: 'node -e 0', argv: ['-e', '0'], target: 1 },
  { name: '--version', argv: [RUN, '--version'], target: 2 },
  { name: '--help', argv: [RUN, '--help'], target: 2 },
  { name: 'stores list', argv: [RUN, 'stores', 'list'], target: 2 },
  { name: 'stores list --json', argv: [RUN, 'stores', 'list', '--json'], target: 2 },
  { name: 'stores list --help', argv: [RUN, 'stores', 'list', '--help'], target: 2 },
  { name: 'stores show dotenv', argv: [RUN, 'stores', 'show', 'dotenv'], target: 3 },
  // The repository's own config; it starts git as well, once for each of its two files.
  { name: 'plan webhook-signing', argv: [RUN, 'plan', 'webhook-signing'], target: 3 },
];

const state = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
const env = { ...process.env, KEYTURN_STATE: state };

function run({ name, argv }: Case): Sample {
  const cpuBefore = childrenCpuMs();
  const begin = process.hrtime.bigint();
  const { status } = spawnSync(values.node, argv, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = process.hrtime.bigint();
  if (status !== 0) throw new Error(`${name} ended with ${status}`);
  return { wallMs: Number(end - begin) / 1e6, cpuMs: childrenCpuMs() - cpuBefore };
}

/** Of all children that have ended. In steps of 10 ms that even out over the rounds: hence a mean, not a median. */
function childrenCpuMs(): number {
  try {
    const text = readFileSync('/proc/self/stat', 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return Number.NaN;
  }
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.round((sorted.length - 1) * q)] ?? Number.NaN;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

const samples = new Map<Case, Sample[]>(CASES.map((entry) => [entry, []]));
try {
  for (const entry of CASES) run(entry);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    // Each round begins with another one: what runs after a long command would always pay for its end.
    const first = round % CASES.length;
    for (const entry of [...CASES.slice(first), ...CASES.slice(0, first)])
      samples.get(entry)?.push(run(entry));
  }
} finally {
  rmSync(state, { recursive: true });
}

const version = spawnSync(values.node, ['--version'], { encoding: 'utf8' }).stdout.trim();
console.log(`Node ${version}, ${values.rounds} rounds, milliseconds`);
console.log(`${''.padEnd(22)} median  p10-p90      ratio  target  processor  ratio`);
let bare: Sample | undefined;
for (const [{ name, target }, taken] of samples) {
  const sorted = taken.map(({ wallMs }) => wallMs).toSorted((a, b) => a - b);
  const wallMs = quantile(sorted, 0.5);
  const cpuMs = mean(taken.map((sample) => sample.cpuMs));
  bare ??= { wallMs, cpuMs };
  const ratio = wallMs / bare.wallMs;
  const spread = `${quantile(sorted, 0.1).toFixed(1)}-${quantile(sorted, 0.9).toFixed(1)}`;
  const wall = `${wallMs.toFixed(1).padStart(6)}  ${spread.padEnd(12)} ${ratio.toFixed(2).padStart(5)}  ${target.toFixed(1).padStart(6)}`;
  const cpu = `${cpuMs.toFixed(1).padStart(9)}  ${(cpuMs / bare.cpuMs).toFixed(2).padStart(5)}`;
  console.log(`${name.padEnd(22)} ${wall}  ${cpu}`);
  if (values.max && ratio > target) process.exitCode = 1;
}
