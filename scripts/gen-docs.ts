/** Writes docs/reference/ from commands, schemas, descriptors and notes. `--check` fails when a page is out of date, missing or left over. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { allPages } from './docs/all-pages.ts';

const FOLDER = join(import.meta.dirname, '../docs/reference');
const checkOnly = process.argv.includes('--check');

const pages = new Map((await allPages()).map(({ path, text }) => [path, text]));
const there = existsSync(FOLDER) ? globSync('**/*', { cwd: FOLDER }) : [];
const stale = [...pages].filter(([path, text]) => !holds(join(FOLDER, path), text)).map(([path]) => path);
const left = there.filter((path) => !pages.has(path));

for (const path of [...stale, ...left].sort()) {
  if (checkOnly) console.error(`docs/reference/${path} is out of date: run npm run generate`);
}
if (checkOnly && stale.length + left.length > 0) process.exitCode = 1;
if (!checkOnly) {
  for (const path of left) rmSync(join(FOLDER, path));
  for (const path of stale) {
    mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
    writeFileSync(join(FOLDER, path), pages.get(path) ?? '');
  }
}

function holds(path: string, text: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === text;
}
