/**
 * All benchmarks, one after the other, and docs/benchmarks.md: `npm run bench`. About ten minutes. With `--quick` one
 * round of everything, and nothing is written.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../build/root.ts';
import { type BenchResult, print, verdictOf } from './measure/result.ts';
import { benchMemory } from './memory.ts';
import { benchProgress } from './progress.ts';
import { benchRotation } from './rotate-10k.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const rounds = values.quick ? 1 : 5;
const busyBefore = loadavg()[0] ?? 0;

/** A benchmark that is a program of its own; what it prints is its report. */
function program(script: string, ...args: readonly string[]): string {
  const argv = ['--import', 'tsx', join(ROOT, 'scripts', script), ...args];
  const { stdout, status } = spawnSync(process.execPath, argv, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  console.log(stdout);
  return status === 0 ? stdout.trimEnd() : `${stdout.trimEnd()}\n(ended with ${status})`;
}

program('build.ts');
const startUp = program('bench/start-up.ts', ...(values.quick ? ['--rounds', '3'] : []));
const configLoad = program('bench/config-load.ts', ...(values.quick ? ['10000', '1'] : []));
const progress = await benchProgress(rounds);
const memory = await benchMemory(Math.min(rounds, 3));
const rotation = await benchRotation({ targets: 10_000, rounds });
const all = [...rotation, ...memory, ...progress];
print(all);
if (all.some(({ holds }) => holds === false)) process.exitCode = 1;
if (!values.quick) writeFileSync(join(ROOT, 'docs/benchmarks.md'), page());

function page(): string {
  const cores = availableParallelism();
  return `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.version}, ${process.platform} ${process.arch}, ${cores} cores, which other work shared
(load ${busyBefore.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} at the end). Figures are medians with the smallest and the largest in
brackets; what is compared ran by turns, so that a busy machine slowed both sides alike. Ratios are taken round by
round.

## A rotation to 10,000 Vault targets, 64 at once

\`npx tsx scripts/bench/rotate-10k.ts\`: the push phase as \`keyturn rotate\` runs it (read, write with check-and-set, read
back; journal on disk, fingerprints, retry, limit, guard and progress) against bare loops that send the same three
requests a target and do nothing else. The server is a process of its own and costs a fraction of either. "Tuned axios"
is axios with shared keep-alive agents, no proxy, no redirects and no decompression. "Our own client" is axios with an
adapter of ours instead of its own, with a deadline and with honest errors; \`lean-axios\` is its axios instance alone. The
target is meant for tuned axios. Our own client is a third faster than that and the engine's own share stays the same, so
that the ratio to it is higher.

${table(rotation)}

## Memory and time of the whole command

\`npx tsx scripts/bench/memory.ts\`: the built package runs \`keyturn rotate\` (config, preflight, push, gate) in a process of
its own; the peak is the resident set the kernel reports for it.

${table(memory)}

## Progress display

\`npx tsx scripts/bench/progress.ts\`: the listr2 renderer on a terminal, one task a wave.

${table(progress)}

## Start-up

\`npx tsx scripts/bench/start-up.ts\`

\`\`\`text
${startUp}
\`\`\`

## Loading a config

\`npx tsx scripts/bench/config-load.ts\`

\`\`\`text
${configLoad}
\`\`\`
`;
}

function table(results: readonly BenchResult[]): string {
  const rows = results.map(
    (result) => `| ${result.what} | ${result.measured} | ${result.target ?? ''} | ${verdictOf(result)} |`,
  );
  return ['| | measured | target | |', '|---|---|---|---|', ...rows].join('\n');
}
