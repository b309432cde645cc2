/**
 * How long the built package takes to start, against a bare `node -e 0`, both interleaved in one run so that a busy
 * machine slows them alike. Prints the median, the spread and the ratio; `--max` fails when a ratio is above target.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface Case {
  readonly name: string;
  readonly argv: readonly string[];
  /** Largest ratio wanted. */
  readonly target: number;
}

const RUN = join(import.meta.dirname, '../../bin/run.js');
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '25' },
    node: { type: 'string', default: process.execPath },
    max: { type: 'boolean', default: false },
  },
});

const CASES: readonly Case[] = [
  { name: 'node -e 0', argv: ['-e', '0'], target: 1 },
  { name: '--version', argv: [RUN, '--version'], target: 2 },
  { name: '--help', argv: [RUN, '--help'], target: 2 },
  { name: 'stores list', argv: [RUN, 'stores', 'list'], target: 2 },
  { name: 'stores list --json', argv: [RUN, 'stores', 'list', '--json'], target: 2 },
  { name: 'stores list --help', argv: [RUN, 'stores', 'list', '--help'], target: 2 },
  { name: 'stores show dotenv', argv: [RUN, 'stores', 'show', 'dotenv'], target: 3 },
];

function milliseconds({ name, argv }: Case): number {
  const begin = process.hrtime.bigint();
  const { status } = spawnSync(values.node, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const end = process.hrtime.bigint();
  if (status !== 0) throw new Error(`${name} ended with ${status}`);
  return Number(end - begin) / 1e6;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.round((sorted.length - 1) * q)] ?? Number.NaN;
}

const samples = new Map<Case, number[]>(CASES.map((entry) => [entry, []]));
for (const entry of CASES) milliseconds(entry);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const [entry, times] of samples) times.push(milliseconds(entry));
}

const version = spawnSync(values.node, ['--version'], { encoding: 'utf8' }).stdout.trim();
console.log(`Node ${version}, ${values.rounds} rounds, milliseconds`);
console.log(`${''.padEnd(20)} median  p10-p90      ratio  target`);
let bare = Number.NaN;
for (const [{ name, target }, times] of samples) {
  const sorted = times.toSorted((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  if (Number.isNaN(bare)) bare = median;
  const ratio = median / bare;
  const spread = `${quantile(sorted, 0.1).toFixed(1)}-${quantile(sorted, 0.9).toFixed(1)}`;
  console.log(
    `${name.padEnd(20)} ${median.toFixed(1).padStart(6)}  ${spread.padEnd(12)} ${ratio.toFixed(2).padStart(5)}  ${target.toFixed(1)}`,
  );
  if (values.max && ratio > target) process.exitCode = 1;
}
