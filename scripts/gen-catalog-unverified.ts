/**
 * Writes src/catalog/unverified.gen.ts: what the notes of each plug-in say could not be verified of its system, so that
 * `show` says it as well. `--check` fails when it is out of date.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLUGIN_KINDS } from '../src/config/plugin-catalog.ts';

const SOURCES = join(import.meta.dirname, '../src');
const TARGET = join(SOURCES, 'catalog/unverified.gen.ts');
const HEADING =
  /^## (?:Unverified|Not verified.*|What was verified, and what was not)\n([\s\S]*?)(?=^## |$(?![\s\S]))/m;

/** Paragraphs and items of a list, without the marks that only a web page shows. */
function blocksOf(markdown: string): string[] {
  return markdown
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .split(/\n\s*\n|\n(?=- )/)
    .map((block) => block.replace(/^- /, '').replace(/\s+/g, ' ').trim())
    .filter((block) => block !== '');
}

function unverifiedOf(kind: string): readonly (readonly [id: string, blocks: readonly string[]])[] {
  const folder = join(SOURCES, kind);
  return readdirSync(folder)
    .filter((id) => existsSync(join(folder, id, 'notes.md')))
    .sort()
    .flatMap((id) => {
      const [, section] = HEADING.exec(readFileSync(join(folder, id, 'notes.md'), 'utf8')) ?? [];
      return section === undefined ? [] : [[id, blocksOf(section)] as const];
    });
}

const text = [
  '// Written by scripts/gen-catalog-unverified.ts from the notes of the plug-ins; do not edit.',
  'export const unverified: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {',
  ...PLUGIN_KINDS.flatMap((kind) => [
    `  ${kind}: {`,
    ...unverifiedOf(kind).map(([id, said]) => `    ${JSON.stringify(id)}: ${JSON.stringify(said)},`),
    '  },',
  ]),
  '};',
  '',
].join('\n');

if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== text) {
  if (process.argv.includes('--check')) {
    console.error(`${TARGET} is out of date: run npm run generate`);
    process.exitCode = 1;
  } else writeFileSync(TARGET, text);
}
