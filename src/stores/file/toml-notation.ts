import { ABSENT, type Found, indexOf, lineAt, malformed, type Notation, notText } from './notation.ts';
import { spellToml } from './spell-toml.ts';
import { scanToml } from './toml-scanner.ts';
import type { TomlNode, TomlTable } from './toml-tree.ts';

/** TOML 1.0. What it does not allow, or 1.1 has brought, refuses the file. */
export const toml: Notation = {
  parse: (text, subject) => {
    const root = scanToml(text, (offset) => malformed(subject, 'TOML 1.0', lineAt(text, offset)));
    const at = (steps: readonly string[]): Found =>
      found(text, steps.reduce<TomlNode | undefined>(child, root));
    return {
      at,
      beside: (steps) => outline(root, steps.reduce<TomlNode | undefined>(child, root)),
    };
  },
};

function child(node: TomlNode | undefined, step: string): TomlNode | undefined {
  if (node?.kind === 'table') return node.entries.get(step);
  return node?.kind === 'array' ? node.items[indexOf(step) ?? -1] : undefined;
}

function found(text: string, node: TomlNode | undefined): Found {
  if (node === undefined) return ABSENT;
  if (node.kind === 'other') return notText(`a ${node.type}`);
  if (node.kind !== 'text') return notText(node.kind === 'array' ? 'a list' : 'a table');
  const { value, start, end } = node;
  return {
    kind: 'text',
    value,
    start,
    end,
    spell: (next) => spellToml(next, node.quote, text.slice(start, end)),
  };
}

/** All tables and values, in order, but for the value of one. */
function outline(root: TomlTable, hidden: TomlNode | undefined): string {
  const plain = (node: TomlNode): unknown => {
    if (node === hidden) return null;
    if (node.kind === 'text') return [node.value];
    if (node.kind === 'array') return [node.open, ...node.items.map(plain)];
    if (node.kind === 'other') return node.source;
    return [node.origin, ...[...node.entries].map(([name, value]) => [name, plain(value)])];
  };
  return JSON.stringify(plain(root));
}
