import type { Parsed } from './parsed.ts';
import { readPlainYaml } from './plain-yaml.ts';

/**
 * Reads JSON when the file's name says so, else YAML: the plain part of it by a reader made for it, all else by js-yaml,
 * which takes four times as long.
 */
export async function parseText(text: string, path: string): Promise<Parsed> {
  if (path.endsWith('.json')) return (await import('./parse-json.ts')).parseJson(text);
  const plain = readPlainYaml(text);
  if (plain !== undefined) return { data: plain.data, faults: [] };
  return (await import('./parse-yaml.ts')).parseYaml(text);
}
