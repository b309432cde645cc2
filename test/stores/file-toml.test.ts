import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyValue, fileFormat, place, spellingIn, whole } from './support/file-edit.ts';

const { read, edit, tryEdit } = await fileFormat('toml');

const NEIGHBOURS = [
  'n = [ 1_000, 0x1F, 1e3, +inf, 1979-05-27T07:32:00Z, 07:32:00.5, ] # numbers',
  'several = [ # comments',
  '  "a" , # in',
  "  'b#]',",
  ']',
  'point = { x = 1, "y.z" = { w = \'v\' } }',
  'text = """',
  'not = a key',
  '[neither] """',
].join('\n');

const PLACES: readonly (readonly [what: string, field: string, text: string])[] = [
  ['a text', 'key', `key = «"old"» # why\n${NEIGHBOURS}\n`],
  ['a literal text', 'key', `\uFEFF# c\r\nkey   =\t«'old'»\r\n[a]\r\nkey = "other"`],
  ['a text of several lines', 'a.key', `${NEIGHBOURS}\n[a]\nkey = «"""\nold\nlines"""»\nb = 1`],
  ['a literal text of several lines', 'key', `key = «'''old\nlines'''»\n`],
  ['a text in a table', 'a."b.c".key', `[a."b.c"] # t\n"key" = «"old"»\n[a.d]\nkey = "other"\n`],
  ['a text under dotted keys', 'a.b.key', 'a.b.n = 1\na . "b" . key = «"old"»\n'],
  [
    'a text in one of several tables',
    'a[1].key',
    '[[a]]\nkey = "x"\n[[a]]\nkey = «"old"»\n[a.b]\nkey = "y"\n',
  ],
  ['a text in braces', 'a.list[0].key', 'a = { list = [ { key = «"old"», n = 1 } ] , m = "x" }\n'],
  ['a text in a list', 'a[1]', `a = [\n  "x", # one\n  «"old"», # two\n]\n`],
  ['a text with escapes', 'key', 'key = «"\\u00E9\\U0001F511\\t\\""»'],
];

/** Half a pair of surrogates has no spelling in UTF-8, and what SOPS writes is no value. */
const isRefused = (value: string): boolean =>
  /[\uD800-\uDFFF]/u.test(value) || value.startsWith('ENC[AES256_GCM,');

/** `a."b.c"` is written `a["b.c"]` in a path. */
const pathOf = (field: string): string => field.replace(/\."([^"]*)"/g, '["$1"]');

describe.each(PLACES)('%s of a TOML file', (_what, name, text) => {
  const there = place(text);
  const field = pathOf(name);

  it('gets any value, and every other byte stays', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const edited = tryEdit(whole(there), field, value);
        expect(edited === undefined).toBe(isRefused(value));
        if (edited === undefined) return;
        expect(spellingIn(edited, there)).toBeDefined();
        expect(read(edited, field)).toBe(value);
      }),
    );
  });

  it('comes back', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const old = read(whole(there), field) ?? '';
        const edited = tryEdit(whole(there), field, value);
        if (edited === undefined) return;
        expect(read(edit(edited, field, old), field)).toBe(old);
      }),
    );
  });
});

describe('the spelling of a TOML value', () => {
  it.each([
    ['double quotes stay', 'key = "old"', 'a"b', 'key = "a\\"b"'],
    ['single quotes stay', "key = 'old'", 'a\\b', "key = 'a\\b'"],
    ['what no single quotes can hold gets double ones', "key = 'old'", "it's", 'key = "it\'s"'],
    ['lines stay lines', 'key = """\nold\n"""', 'a\nb\n', 'key = """\na\nb\n"""'],
    ['literal lines stay literal', "key = '''\nold\n'''", 'a\\\nb\n', "key = '''\na\\\nb\n'''"],
    [
      'other line ends are escaped, which a reader may change',
      "key = '''\na\n'''",
      'a\r\nb',
      'key = "a\\r\\nb"',
    ],
    ['lines between other line ends are escaped', 'key = """\r\nold\r\n"""', 'a\nb', 'key = "a\\nb"'],
  ])('%s', (_rule, before, value, after) => {
    expect(edit(before, 'key', value)).toBe(after);
  });

  it.each([
    ['key = "a\\\\n\\u00e9"', 'a\\né'],
    ['key = """\n\n a \\\n   \n  b"""', '\n a b'],
    ['key = """a\\\n \u00a0b"""', 'a\u00a0b'],
    ['key = """a""b"""""', 'a""b""'],
    ["key = ''''a''b''''", "'a''b'"],
    ['key = ""', ''],
    ["key = ''", ''],
    ['key = """"""', ''],
  ])('%j is read as TOML says', (text, value) => {
    expect(read(text, 'key')).toBe(value);
  });
});

describe('what a TOML file refuses', () => {
  it.each([
    ['a number', 'key = 12', /holds a number/],
    ['a truth', 'key = true', /holds a boolean/],
    ['a date', 'key = 1979-05-27', /holds a date or time/],
    ['a list', 'key = []', /holds a list/],
    ['a table', '[key]', /holds a table/],
    ['encrypted by SOPS', 'key = "ENC[AES256_GCM,data:x]"', /SOPS/],
  ])('%s', (_what, text, reason) => {
    expect(() => edit(text, 'key', 'new')).toThrow(
      expect.objectContaining({ code: 'REFUSED', message: expect.stringMatching(reason) }),
    );
  });

  it.each([
    'key = "a"\nkey = "b"',
    'key = "a" b = "c"',
    'key = a',
    'key = "a',
    'key = "\\x41"',
    'key = "\\uD800"',
    'key =',
    '= "a"',
    'key',
    '[a]\n[a]',
    'a = 1\n[a]',
    'a = {}\n[a.b]',
    'a = {}\na.b = 1',
    'a = []\n[[a]]',
    '[a.b]\n[a]\nb.c = 1',
    '[a',
    '[[a]',
    '[]',
    'a = [1 2]',
    'a = { b = 1, }',
    'a = { b = 1\n}',
    'a = 01',
    'a = 1__0',
    'a = 0xG',
    'a = 1979-05',
    'a = "b\nc"',
    `a = ${'['.repeat(5_000)}`,
  ])('%j as a whole', (text) => {
    expect(() => read(text, 'key')).toThrow(
      expect.objectContaining({ code: 'REFUSED', message: expect.stringMatching(/not TOML 1\.0 \(line \d/) }),
    );
  });

  it.each([
    ['', 'key'],
    ['# key = "a"', 'key'],
    ['[a]\nkey = "x"', 'key'],
    ['key = ["a"]', 'key[1]'],
    ['key = "a"', 'key.b'],
  ])('%j has no %s', (text, field) => {
    expect(read(text, field)).toBeUndefined();
    expect(() => edit(text, field, 'new')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
