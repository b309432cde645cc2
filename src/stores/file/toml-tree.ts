/** What a TOML document holds, and the rules for what may stand beside what. */
export type TomlNode = TomlTable | TomlArray | TomlText | TomlOther;

export interface TomlTable {
  readonly kind: 'table';
  readonly entries: Map<string, TomlNode>;
  /** How it came to be: on the way to another one, by a header of its own, by a dotted key, in braces. */
  origin: 'implied' | 'header' | 'dotted' | 'inline';
}

export interface TomlArray {
  readonly kind: 'array';
  readonly items: TomlNode[];
  /** Made by `[[headers]]`, so that more may come. */
  readonly open: boolean;
}

export type TomlQuote = '"' | "'" | '"""' | "'''";

export interface TomlText {
  readonly kind: 'text';
  readonly value: string;
  readonly quote: TomlQuote;
  /** Quotes included; UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

export interface TomlOther {
  readonly kind: 'other';
  readonly type: 'number' | 'boolean' | 'date or time';
  readonly source: string;
}

export function newTable(origin: TomlTable['origin']): TomlTable {
  return { kind: 'table', entries: new Map(), origin };
}

/** The table a `[header]` or `[[header]]` opens; undefined where TOML does not allow it. */
export function openTable(root: TomlTable, path: readonly string[], each: boolean): TomlTable | undefined {
  const parent = path.slice(0, -1).reduce<TomlTable | undefined>(childTable, root);
  const name = path.at(-1);
  if (parent === undefined || name === undefined) return undefined;
  const known = parent.entries.get(name);
  if (each) return nextOf(parent, name, known);
  if (known === undefined) {
    const table = newTable('header');
    parent.entries.set(name, table);
    return table;
  }
  if (known.kind !== 'table' || known.origin !== 'implied') return undefined;
  known.origin = 'header';
  return known;
}

function nextOf(parent: TomlTable, name: string, known: TomlNode | undefined): TomlTable | undefined {
  const table = newTable('header');
  if (known === undefined) parent.entries.set(name, { kind: 'array', items: [table], open: true });
  else if (known.kind === 'array' && known.open) known.items.push(table);
  else return undefined;
  return table;
}

/** One step on the way of a header: into a table, into the last of several, or into one that is implied by it. */
function childTable(table: TomlTable | undefined, name: string): TomlTable | undefined {
  const known = table?.entries.get(name);
  if (known === undefined) {
    const made = newTable('implied');
    table?.entries.set(name, made);
    return table && made;
  }
  const child = known.kind === 'array' && known.open ? known.items.at(-1) : known;
  return child?.kind === 'table' && child.origin !== 'inline' ? child : undefined;
}

/** Puts a value under a key, dotted or not; gives whether TOML allows it. */
export function setValue(table: TomlTable, path: readonly string[], value: TomlNode): boolean {
  let parent = table;
  for (const name of path.slice(0, -1)) {
    const known = parent.entries.get(name) ?? newTable('dotted');
    if (known.kind !== 'table' || known.origin !== 'dotted') return false;
    parent.entries.set(name, known);
    parent = known;
  }
  const name = path.at(-1);
  if (name === undefined || parent.entries.has(name)) return false;
  parent.entries.set(name, value);
  return true;
}
