import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from '../../build/root.ts';

const OUT = join(ROOT, 'node_modules/.cache/keyturn-bench');

/** Bundles entries of this folder as the package is bundled (and not as tsx runs them: it names every closure anew). */
export async function bundled<Name extends string>(...names: readonly Name[]): Promise<Record<Name, string>> {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => `scripts/bench/${name}.ts`),
    outdir: OUT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    minifySyntax: true,
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  return Object.fromEntries(names.map((name) => [name, join(OUT, `${name}.mjs`)])) as Record<Name, string>;
}
