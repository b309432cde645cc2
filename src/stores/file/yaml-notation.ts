import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  type Scalar,
  visit,
  type Document as YamlDocument,
} from 'yaml';
import {
  ABSENT,
  type Found,
  indexOf,
  lineAt,
  malformed,
  type Notation,
  notText,
  occursTwice,
} from './notation.ts';
import { spellYaml } from './spell-yaml.ts';

/** YAML 1.2, or 1.1 where the file says so. The parser gives the places; nothing is ever printed by it. */
export const yaml: Notation = {
  parse: (text, subject) => {
    const documents = [...parseAllDocuments(text, { prettyErrors: false, logLevel: 'silent' })];
    const [document] = documents;
    const error = documents.flatMap(({ errors }) => errors)[0];
    if (error !== undefined) throw malformed(subject, 'YAML', `${lineAt(text, error.pos[0])}: ${error.code}`);
    if (documents.length > 1) {
      throw malformed(
        subject,
        'one YAML document',
        `it holds ${documents.length}, and a path names no document`,
      );
    }
    const at = (steps: readonly string[]): Found =>
      document === undefined ? ABSENT : find(text, document, steps);
    return {
      at,
      beside: (steps) => {
        const found = at(steps);
        return outline(document, found.kind === 'text' ? found.start : undefined);
      },
    };
  },
};

function find(text: string, document: YamlDocument, steps: readonly string[]): Found {
  let node: unknown = document.contents;
  const shared = sharedAnchors(document);
  for (const step of [...steps, undefined]) {
    if (isAlias(node)) return unsafe(`comes from the alias *${node.source}`, ANCHORED);
    const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined;
    if (anchor !== undefined && shared.has(anchor)) {
      return unsafe(`is under the anchor &${anchor}, so that it stands in other places as well`, ANCHORED);
    }
    if (step === undefined) break;
    const inside = childrenOf(node, step);
    if (inside.length === 0) return ABSENT;
    if (inside.length > 1) return occursTwice(inside.length);
    node = inside[0];
  }
  return isScalar(node) ? scalarAt(text, node) : notText(isMap(node) ? 'a mapping' : 'a list');
}

const ANCHORED = 'Write the value out in its place, or name a place of its own with `field`.';

function unsafe(reason: string, hint: string): Found {
  return { kind: 'unusable', reason, hint };
}

/** Anchors that somebody refers to: an edit below one shows in two places. */
function sharedAnchors(document: YamlDocument): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, { Alias: (_key, { source }) => void names.add(source) });
  return names;
}

/** What a step leads to; more than one where a name is there as a text and as a number. */
function childrenOf(node: unknown, step: string): readonly unknown[] {
  if (isSeq(node)) {
    const index = indexOf(step);
    return index === undefined || index >= node.items.length ? [] : [node.items[index]];
  }
  if (!isMap(node)) return [];
  return node.items.filter((pair) => nameOf(pair) === step).map((pair) => pair.value);
}

function nameOf({ key }: Pair): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

const TEXT_TAGS = ['!', 'tag:yaml.org,2002:str'];

function scalarAt(text: string, node: Scalar): Found {
  if (node.tag !== undefined && !TEXT_TAGS.includes(node.tag)) {
    const tag = node.tag.replace('tag:yaml.org,2002:', '!!');
    return unsafe(
      `has the tag ${tag}: what stands there is not the value itself`,
      'Name a plain text with `field`.',
    );
  }
  const { value } = node;
  if (typeof value !== 'string') return notText(value === null ? 'null' : `a ${typeof value}`);
  const [start, end] = node.range ?? [0, 0];
  const old = text.slice(start, end);
  return { kind: 'text', value, start, end, spell: (next) => spellYaml(next, old) };
}

/** All nodes with their values, tags and anchors, in order, but for the value of the scalar at `hidden`. */
function outline(document: YamlDocument | undefined, hidden: number | undefined): string {
  const nodes: unknown[] = [];
  if (document === undefined) return '';
  visit(document, {
    Pair: () => void nodes.push('pair'),
    Alias: (_key, { source }) => void nodes.push(['alias', source]),
    Collection: (_key, node) => void nodes.push([isMap(node), node.items.length, node.tag, node.anchor]),
    Scalar: (key, { range, value, tag, anchor }) => {
      const own = hidden !== undefined && range?.[0] === hidden && key !== 'key';
      nodes.push([own ? null : [typeof value, String(value)], tag, anchor]);
    },
  });
  return JSON.stringify(nodes);
}
