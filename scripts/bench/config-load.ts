/**
 * How long a config with many services takes to load (read, check, link), against JSON.parse of the same data:
 * `node --import tsx scripts/bench/config-load.ts [services] [runs]`. Warm: runs in one process. Cold: the first load
 * of fresh processes, of bundled code and with its modules loaded, as a command has it. Median (min … max) of all runs.
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
  report('warm', (subject) => measure(subject, runs));
  report('cold', (subject) => Array.from({ length: runs }, () => measure(subject, 1)).flat());
} finally {
  rmSync(folder, { recursive: true });
}

/** Milliseconds of each run of one subject, in a process of its own. */
function measure(subject: Subject, times: number): number[] {
  const args = [join(folder, 'subject.mjs'), subject, folder, String(times)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as number[];
}

function report(title: string, timesOf: (subject: Subject) => number[]): void {
  const base = median(timesOf('JSON.parse'));
  for (const subject of SUBJECTS) {
    const times = timesOf(subject);
    const middle = median(times);
    const spread = `${Math.min(...times).toFixed(1)} … ${Math.max(...times).toFixed(1)}`;
    console.log(
      `${title}  ${subject.padEnd(18)} ${middle.toFixed(1).padStart(7)} ms (${spread})  ${(middle / base).toFixed(1)}x`,
    );
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
