/** Writes src/catalog/*.gen.ts: lazy maps from a plug-in's id to its descriptor. `--check` fails when they are out of date. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const KINDS = {
  stores: 'StorePlugin',
  issuers: 'IssuerPlugin',
  checks: 'CheckPlugin',
  reloads: 'ReloadPlugin',
  notifiers: 'NotifierPlugin',
};
const checkOnly = process.argv.includes('--check');
let stale = false;

for (const [kind, type] of Object.entries(KINDS)) {
  const folder = join(ROOT, 'src', kind);
  const ids = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'index.ts')))
        .map((entry) => entry.name)
        .sort()
    : [];
  const lines = ids.map(
    (id) => `  '${id}': () => import('../${kind}/${id}/index.ts').then((module) => module.plugin),`,
  );
  const text = [
    '// Written by scripts/gen-catalog.ts from the folder names; do not edit.',
    `import type { ${type} } from '../core/plugins/plugin.ts';`,
    '',
    `export const ${kind}: Readonly<Record<string, () => Promise<${type}>>> = {`,
    ...lines,
    '};',
    '',
  ].join('\n');
  const path = join(ROOT, 'src/catalog', `${kind}.gen.ts`);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale = true;
  if (checkOnly) console.error(`${path} is out of date: run npm run generate`);
  else {
    mkdirSync(join(ROOT, 'src/catalog'), { recursive: true });
    writeFileSync(path, text);
  }
}
if (checkOnly && stale) process.exitCode = 1;
