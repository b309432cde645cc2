import { stringAt } from './toml-strings.ts';
import { newTable, openTable, setValue, type TomlNode, type TomlOther, type TomlTable } from './toml-tree.ts';

const DEEPEST = 100;

const SPACE = /[ \t]*/y;
/** White space, comments and line ends. */
const GAP = /(?:[ \t\n]|\r\n|#[^\r\n]*)*/y;
const LINE_END = /[ \t]*(?:#[^\r\n]*)?(?:\r?\n|$)/y;
const BARE_KEY = /[A-Za-z0-9_-]+/y;
const WORD = /[+\-.:\w]+(?: \d\d:[+\-.:\w]+)?/y;

const OTHERS: readonly (readonly [TomlOther['type'], RegExp])[] = [
  ['boolean', /^(?:true|false)$/],
  ['number', /^[+-]?(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?$/],
  ['number', /^[+-]?(?:inf|nan)$/],
  ['number', /^0(?:x[\dA-Fa-f](?:_?[\dA-Fa-f])*|o[0-7](?:_?[0-7])*|b[01](?:_?[01])*)$/],
  ['date or time', /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)?)?$/],
  ['date or time', /^\d\d:\d\d:\d\d(?:\.\d+)?$/],
];

/** Reads TOML 1.0. @throws what `faultAt` makes of the offset of the first thing that is not */
export function scanToml(text: string, faultAt: (offset: number) => Error): TomlTable {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let depth = 0;

  /** What matches here, taken; undefined when nothing does. */
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const fault = (): Error => faultAt(at);
  const need = (sign: string): void => {
    if (!text.startsWith(sign, at)) throw fault();
    at += sign.length;
  };
  const has = (sign: string): boolean => {
    if (!text.startsWith(sign, at)) return false;
    at += sign.length;
    return true;
  };

  const name = (): string => {
    const string = stringAt(text, at);
    if (string === undefined) {
      const bare = take(BARE_KEY);
      if (bare === undefined) throw fault();
      return bare;
    }
    if (string.quote.length === 3) throw fault();
    at = string.end;
    return string.value;
  };

  const path = (): string[] => {
    const names: string[] = [];
    do {
      take(SPACE);
      names.push(name());
      take(SPACE);
    } while (has('.'));
    return names;
  };

  const pair = (table: TomlTable): void => {
    const start = at;
    const key = path();
    need('=');
    take(SPACE);
    const node = value();
    if (!setValue(table, key, node)) throw faultAt(start);
  };

  const array = (): TomlNode => {
    const items: TomlNode[] = [];
    take(GAP);
    while (!has(']')) {
      items.push(value());
      take(GAP);
      if (has(',')) take(GAP);
      else if (text[at] !== ']') throw fault();
    }
    return { kind: 'array', items, open: false };
  };

  const inlineTable = (): TomlNode => {
    const table = newTable('inline');
    take(SPACE);
    if (has('}')) return table;
    do {
      pair(table);
      take(SPACE);
    } while (has(','));
    need('}');
    return table;
  };

  const other = (): TomlNode => {
    const start = at;
    const source = take(WORD) ?? '';
    const type = OTHERS.find(([, pattern]) => pattern.test(source))?.[0];
    if (type === undefined) throw faultAt(start);
    return { kind: 'other', type, source };
  };

  const value = (): TomlNode => {
    const string = stringAt(text, at);
    if (string !== undefined) {
      at = string.end;
      return string;
    }
    depth += 1;
    if (depth > DEEPEST) throw fault();
    const node = has('[') ? array() : has('{') ? inlineTable() : other();
    depth -= 1;
    return node;
  };

  const header = (root: TomlTable): TomlTable => {
    const start = at;
    const each = has('[[');
    if (!each) need('[');
    const names = path();
    need(each ? ']]' : ']');
    const table = openTable(root, names, each);
    if (table === undefined) throw faultAt(start);
    return table;
  };

  const root = newTable('header');
  let current = root;
  take(GAP);
  while (at < text.length) {
    if (text[at] === '[') current = header(root);
    else pair(current);
    if (take(LINE_END) === undefined) throw fault();
    take(GAP);
  }
  return root;
}
