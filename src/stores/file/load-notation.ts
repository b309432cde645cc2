import type { Notation } from './notation.ts';
import type { NotationName } from './notation-names.ts';

const LOADERS: Readonly<Record<NotationName, () => Promise<Notation>>> = {
  json: async () => (await import('./json-notation.ts')).json,
  yaml: async () => (await import('./yaml-notation.ts')).yaml,
  toml: async () => (await import('./toml-notation.ts')).toml,
  ini: async () => (await import('./ini-notation.ts')).ini,
};

/** Lazily: the YAML parser is heavy, and most inventories have one kind of file. */
export function loadNotation(name: NotationName): Promise<Notation> {
  return LOADERS[name]();
}
