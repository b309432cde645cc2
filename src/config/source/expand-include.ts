import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const GLOB = /[*?[\]{}!]/;

export function isGlob(pattern: string): boolean {
  return GLOB.test(pattern);
}

/** Absolute paths of the files that an entry of `include` names, sorted. */
export async function expandInclude(pattern: string, from: string): Promise<readonly string[]> {
  const folder = dirname(from);
  if (!isGlob(pattern)) return [resolve(folder, pattern)].filter((path) => existsSync(path));
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern, { cwd: folder, absolute: true, ignore: ['**/node_modules/**'] });
  return found.map((path) => resolve(path)).sort();
}
