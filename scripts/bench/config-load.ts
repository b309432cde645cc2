/**
 * How long a config with many services takes to load (read, check, link), against JSON.parse of the same data:
 * `node --import tsx scripts/bench/config-load.ts [services] [runs]`. Warm: runs in one process. Cold: the first load
 * of fresh processes, of bundled code and with its modules loaded, as a command has it; the target is 10x. Subjects
 * take turns, so that a busy machine slows them alike. Median (min … max) of all runs; the ratio is the median of the
 * rounds' own. Cold, other work shows: V8 compiles and collects beside us, for which it wants a second core.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { load } from 'js-yaml';
import { sampleInventory } from './sample-inventory.ts';

type Subject = 'JSON.parse' | 'js-yaml alone' | 'loadConfig, YAML' | 'loadConfig, JSON';
const SUBJECTS: readonly Subject[] = ['JSON.parse', 'js-yaml alone', 'loadConfig, YAML', 'loadConfig, JSON'];

/** In one process; the first ones are not warm yet, which the median leaves out. */
const RUNS_WARM = 5;

const ROOT = join(import.meta.dirname, '../..');
const services = Number(process.argv[2] ?? 10_000);
const runs = Number(process.argv[3] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));

try {
  const yaml = sampleInventory(services);
  writeFileSync(join(folder, 'inventory.yaml'), yaml);
  writeFileSync(join(folder, 'inventory.json'), JSON.stringify(load(yaml)));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await build({
    entryPoints: [join(ROOT, 'scripts/bench/config-load-subject.ts')],
    outfile: join(folder, 'subject.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const size = readFileSync(join(folder, 'inventory.yaml')).length;
  console.log(`${services} services, ${size} bytes of YAML, Node ${process.version}`);
  const rounds = Math.max(1, Math.ceil(runs / RUNS_WARM));
  report('warm', rounds, (subject) => median(measure(subject, RUNS_WARM)));
  report('cold', runs, (subject) => median(measure(subject, 1)));
} finally {
  rmSync(folder, { recursive: true });
}

/** Milliseconds of each run of one subject, in a process of its own. */
function measure(subject: Subject, times: number): number[] {
  const args = [join(folder, 'subject.mjs'), subject, folder, String(times)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as number[];
}

function report(title: string, rounds: number, timeOf: (subject: Subject) => number): void {
  const times = new Map<Subject, number[]>(SUBJECTS.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [subject, taken] of times) taken.push(timeOf(subject));
  }
  const base = times.get('JSON.parse') ?? [];
  for (const [subject, taken] of times) {
    const ratio = median(taken.map((time, round) => time / (base[round] ?? Number.NaN)));
    const spread = `${Math.min(...taken).toFixed(1)} … ${Math.max(...taken).toFixed(1)}`;
    console.log(
      `${title}  ${subject.padEnd(18)} ${median(taken).toFixed(1).padStart(7)} ms (${spread})  ${ratio.toFixed(1)}x`,
    );
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
