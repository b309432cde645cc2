import type { Document, LineCounter, Node, Pair, YAMLMap } from 'yaml';
import type { Path } from '../shape/issue.ts';

export interface Location {
  readonly line: number;
  readonly column: number;
}

/** Finds lines and columns, from 1, in one text. */
export type Locator = (path: Path, at: 'key' | 'value') => Location;

/** Reads the text once more, with places: slow, and only for a file with a mistake. JSON is YAML as well. */
export async function createLocator(text: string): Promise<Locator> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    merge: true,
    logLevel: 'silent',
  });
  const members = createMembers(yaml.isScalar);

  const inside = (node: Node | null, step: string | number): Found | undefined => {
    const real = yaml.isAlias(node) ? node.resolve(document as Document) : node;
    if (yaml.isSeq(real) && typeof step === 'number') {
      const item = real.items[step];
      return yaml.isNode(item) ? { key: item, value: item } : undefined;
    }
    if (!yaml.isMap(real)) return undefined;
    const pair = members(real).get(String(step));
    if (pair !== undefined) return pair;
    const merged = members(real).get('<<')?.value;
    return merged === undefined || merged === null ? undefined : inside(merged, step);
  };

  return (path, at) => {
    let found: Found = { key: document.contents, value: document.contents };
    for (const step of path) {
      const next = inside(found.value, step);
      // What is not there is shown at what lacks it.
      if (next === undefined) return place(lines, found.key ?? found.value);
      found = next;
    }
    return place(lines, at === 'key' ? found.key : (found.value ?? found.key));
  };
}

interface Found {
  readonly key: Node | null;
  readonly value: Node | null;
}

function place(lines: LineCounter, node: Node | null): Location {
  const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Looking a name up in a big mapping is a search; ten thousand mistakes in it must not be ten thousand searches. */
function createMembers(isScalar: (value: unknown) => boolean): (map: YAMLMap) => ReadonlyMap<string, Found> {
  const known = new WeakMap<YAMLMap, Map<string, Found>>();
  return (map) => {
    const before = known.get(map);
    if (before !== undefined) return before;
    const names = new Map<string, Found>();
    for (const { key, value } of map.items as Pair<Node, Node | null>[]) {
      // `source` is what was written: the value of `<<` is a symbol.
      const { source, value: read } = key as { source?: string; value?: unknown };
      const name = isScalar(key) ? (source ?? String(read)) : String(key);
      if (!names.has(name)) names.set(name, { key, value });
    }
    known.set(map, names);
    return names;
  };
}
