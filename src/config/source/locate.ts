import type { Document, LineCounter, Node, YAMLMap, YAMLSeq } from 'yaml';
import type { IssueFile, Path } from '../shape/issue.ts';

export interface Location {
  readonly line: number;
  readonly column: number;
}

/** Finds lines and columns, from 1, in one text. */
export type Locator = (path: Path, at: 'key' | 'value') => Location;

type Yaml = typeof import('yaml');

/** Reads a file once more, with places: slow, and only for one with a mistake, once. */
export async function loadLocators(): Promise<(file: IssueFile) => Locator> {
  const yaml = await import('yaml');
  const known = new Map<IssueFile, Locator>();
  return (file) => {
    const locator = known.get(file) ?? createLocator(file.text, yaml);
    known.set(file, locator);
    return locator;
  };
}

/** JSON is YAML as well. */
function createLocator(text: string, yaml: Yaml): Locator {
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    merge: true,
    logLevel: 'silent',
  });
  const members = createMembers(yaml);

  const inside = (node: Node | null, step: string | number): Found | undefined => {
    const real = yaml.isAlias(node) ? node.resolve(document as Document) : node;
    if (!yaml.isCollection(real)) return undefined;
    const member = members(real).get(String(step));
    if (member !== undefined) return member;
    const merged = members(real).get('<<');
    return merged === undefined ? undefined : inside(merged.value, step);
  };

  return (path, at) => {
    let found: Found = { key: document.contents, value: document.contents };
    for (const step of path) {
      const next = inside(found.value, step);
      // What is not there is shown at what lacks it.
      if (next === undefined) return place(lines, found.key);
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
function createMembers({
  isPair,
  isScalar,
}: Yaml): (collection: YAMLMap | YAMLSeq) => ReadonlyMap<string, Found> {
  const known = new WeakMap<YAMLMap | YAMLSeq, Map<string, Found>>();
  return (collection) => {
    const before = known.get(collection);
    if (before !== undefined) return before;
    const members = new Map<string, Found>();
    collection.items.forEach((item, index) => {
      if (isPair<Node, Node | null>(item)) {
        const { key, value } = item;
        // `source` is what was written: the value of `<<` is a symbol. Of two that are alike the last one counts.
        members.set(String(isScalar(key) ? key.source : key), { key, value });
      } else {
        const entry = item as Node;
        members.set(String(index), { key: entry, value: entry });
      }
    });
    known.set(collection, members);
    return members;
  };
}
