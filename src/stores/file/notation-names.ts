import { extname } from 'node:path';

export const NOTATIONS = ['json', 'yaml', 'toml', 'ini'] as const;
export type NotationName = (typeof NOTATIONS)[number];

const BY_ENDING: Readonly<Record<string, NotationName>> = {
  '.json': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.toml': 'toml',
  '.ini': 'ini',
  '.cfg': 'ini',
};

/** Undefined when the name of a file does not tell how it is written. */
export function notationOf(path: string): NotationName | undefined {
  return BY_ENDING[extname(path).toLowerCase()];
}
