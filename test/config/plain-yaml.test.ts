import fc from 'fast-check';
import { CORE_SCHEMA, dump, load } from 'js-yaml';
import { expect, test } from 'vitest';
import { readPlainYaml } from '../../src/config/source/plain-yaml.ts';

/** What a whole parser makes of it; undefined when it refuses. */
function whole(text: string): { data: unknown } | undefined {
  try {
    return { data: load(text, { schema: CORE_SCHEMA }) };
  } catch {
    return undefined;
  }
}

const INVENTORY = `---
# comment
services: # all of them
  checkout:
    owner: 'team ''a'''
    wave: canary
    url: https://a.example:8443/x#y   # why
    empty:
    tries: 3
    since: 2024-01-01
    host: 127.0.0.1
    "quoted name": "a: b # c"
    off: false
    uses:
    - key: ci
      from: [{ store: v, ref: apps/a, field: k }, {}, []]
    -
      key: other
    - - nested
      - ~
    - plain words, with commas
`;

test('the plain part of YAML is read, and read as a whole parser reads it', () => {
  expect(readPlainYaml(INVENTORY)).toEqual(whole(INVENTORY));
});

test.each([
  ['an anchor', 'a: &x b\n'],
  ['an alias', 'a: *x\n'],
  ['a tag', 'a: !!str 1\n'],
  ['a block text', 'a: |\n  b\n'],
  ['a value on two lines', 'a: b\n  c\n'],
  ['a flow over two lines', 'a: [b,\n  c]\n'],
  ['a merge', 'a: { b: c }\nd:\n  <<: e\n'],
  ['a name twice', 'a: 1\na: 2\n'],
  ['an escape', 'a: "\\n"\n'],
  ['a tab', 'a:\tb\n'],
  ['two documents', 'a: b\n---\nc: d\n'],
  ['a name that objects have anyway', '__proto__: a\n'],
  ['an unusual number', 'a: 0x10\n'],
  ['a mapping on the line of its name', 'a: b: c\n'],
  ['a value alone', 'just text\n'],
  ['a colon right before a comma', 'a: [b:,c]\n'],
  ['a colon right behind a quoted name', 'a: {"b":c}\n'],
  ['two values of a flow without a comma', 'a: ["b" "c"]\n'],
  ['two members of a flow without a comma', 'a: {b: "c" d: e}\n'],
  ['nothing', ''],
])('%s is left to a whole parser', (_what, text) => {
  expect(readPlainYaml(text)).toBeUndefined();
});

test('words that begin alike are told apart, however many there are', () => {
  const words = Array.from({ length: 5000 }, (_, index) => ['a', `a${index}`]).flat();
  expect(readPlainYaml(words.map((word) => `- ${word}\n`).join(''))?.data).toEqual(words);
});

const WORDS = [
  'a',
  'b-c',
  'null',
  '~',
  'true',
  '1',
  '-2',
  '1.5',
  '0x1',
  '1e3',
  '.5',
  '007',
  '1_0',
  'x:y',
  "it's",
  'é',
];
const MARKS = [
  ': ',
  ':',
  '\n',
  '\n  ',
  '\n    ',
  '- ',
  '-',
  ' ',
  '# ',
  ' #',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ', ',
  ',',
  '? ',
  '---\n',
  '...',
  '<<',
  '&',
  '*',
  '|',
  '%',
];

test('whatever text it accepts means the same to a whole parser', () => {
  const pieces = fc.array(fc.constantFrom(...WORDS, ...MARKS, ...MARKS.slice(0, 6)), { maxLength: 24 });
  fc.assert(
    fc.property(pieces, (words) => {
      const text = words.join('');
      const plain = readPlainYaml(text);
      if (plain !== undefined) expect(plain).toStrictEqual(whole(text));
    }),
    { numRuns: 20_000, seed: 1 },
  );
});

test('whatever data it accepts comes back as it was written, however it is laid out', () => {
  const word = fc.oneof(
    fc.constantFrom(...WORDS),
    fc.string({ maxLength: 12 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 }));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  const layout = fc.record({
    flowLevel: fc.constantFrom(-1, 1, 2, 3),
    noArrayIndent: fc.boolean(),
    indent: fc.constantFrom(2, 3, 4),
    lineWidth: fc.constant(-1),
    forceQuotes: fc.boolean(),
    quotingType: fc.constantFrom('"' as const, "'" as const),
  });
  let accepted = 0;
  fc.assert(
    fc.property(tree, layout, (data, options) => {
      const text = dump(data, { schema: CORE_SCHEMA, noRefs: true, ...options });
      const plain = readPlainYaml(text);
      if (plain === undefined) return;
      accepted += 1;
      expect(plain.data).toStrictEqual(load(text, { schema: CORE_SCHEMA }));
    }),
    { numRuns: 3000, seed: 1 },
  );
  expect(accepted).toBeGreaterThan(300);
});
