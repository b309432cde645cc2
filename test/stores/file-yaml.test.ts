import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { atPath } from '../../src/lib/json-path.ts';
import { anyValue, fileFormat, place, plainValue, spellingIn, whole } from './support/file-edit.ts';

const { read, edit, tryEdit } = await fileFormat('yaml');

const PLACES: readonly (readonly [what: string, field: string, text: string])[] = [
  ['a plain text', 'key', '# c\nkey: «old» # why\nother: 1.50\n'],
  ['a text in single quotes', 'key', "key:   «'it''s'»\r\nother: [ a,b ]"],
  ['a text in double quotes', 'key', 'key: «"a\\tb"» # why\r\n\r\nother: &a {x: y , }\r\nalias: *a'],
  ['a text in a flow', 'a.list[1].key', 'a: {list: [ {key: x}, {key: «old», z: 1 } ] } # c\n'],
  ['JSON', 'a.key', '{"a": {"key":«"old"», "n": 1e3}}'],
  ['a text of several lines', 'key', 'key: «old words\n  on two lines»\nother: "x"\n'],
  ['a text in quotes of several lines', 'key', 'a:\n- "b"\nkey: «"old \\\n   words"»\n'],
  ['a block', 'a.key', 'a:\n    key: «|\n      -----BEGIN\n\n      x\n»    other: |\n      y\n# c\n'],
  ['a block to the end', 'key', 'other: 1\nkey: «|-\n  old»'],
  ['a block with a comment and CRLF', 'key', 'key: «| # why\r\n  a\r\n  b\r\n»\r\n\r\nother: 2\r\n'],
  ['a folded block', 'key', 'key: «>-\n  old\n  words\n»other: >\n  x\n  y\n'],
  ['a block that keeps its end', 'key', 'key: «|+\n  old\n\n»other: x\n'],
  ['a block of a known depth', 'key', 'key: «|2\n   old\n»other: x\n'],
  ['an item of a list', '[1]', '- a\n- «old»\n# c\n- c'],
  ['a name with dots', '["a.b"].c', '"a.b":\n  c: «old»\na: {b: {c: other}}\n'],
  ['a name that is a number', '8080', '8080: «old»\n80: x\n'],
  ['behind `---` and a byte order mark', 'key', '\uFEFF%YAML 1.2\n---\nkey: «old»\n...\n'],
  ['with a tag for text', 'key', 'key: !!str «12»\n'],
  ['with an anchor that nobody uses', 'key', 'key: &it «old»\nother: &o x\nalias: *o\n'],
  ['beside a tag of somebody', 'key', 'other: !Sub "$(A)"\nkey: «old»\n'],
];

const clean = (text: string): string => text.replace(/^\uFEFF/, '').replace(/!Sub /, '');

describe.each(PLACES)('%s of a YAML file', (_what, field, text) => {
  const there = place(text);
  const before = parse(clean(whole(there))) as unknown;

  it('gets any value, and every other byte stays', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const edited = tryEdit(whole(there), field, value);
        // Half a pair of surrogates has no spelling in UTF-8 at all.
        expect(edited === undefined).toBe(
          /[\uD800-\uDFFF]/u.test(value) || value.startsWith('ENC[AES256_GCM,'),
        );
        if (edited === undefined) return;
        expect(spellingIn(edited, there)).toBeDefined();
        expect(atPath(parse(clean(edited)), field)).toBe(value);
      }),
    );
  });

  it('is what another parser finds as well', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        const edited = clean(edit(whole(there), field, value));
        expect(atPath(load(edited), field)).toBe(value);
      }),
    );
  });

  it('comes back, and with it the whole document', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const edited = tryEdit(whole(there), field, value);
        if (edited === undefined) return;
        const back = edit(edited, field, read(whole(there), field) ?? '');
        expect(spellingIn(back, there)).toBeDefined();
        expect(parse(clean(back))).toEqual(before);
      }),
    );
  });
});

describe('the spelling of a YAML value', () => {
  it.each([
    ['plain stays plain', 'key: old # why', 'new-key', 'key: new-key # why'],
    ['single quotes stay', "key: 'old'", "it's", "key: 'it''s'"],
    ['double quotes stay', 'key: "old"', 'new', 'key: "new"'],
    ['what is a number in some reader gets quotes', 'key: old', '1e3', 'key: "1e3"'],
    ['what is a truth in some reader gets quotes', 'key: old', 'yes', 'key: "yes"'],
    ['what is a time in some reader gets quotes', 'key: old', '12:30:45', 'key: "12:30:45"'],
    ['a block stays a block', 'key: |\n  a\nb: 1\n', 'x\ny\n', 'key: |\n  x\n  y\nb: 1\n'],
    ['a block without an end says so', 'key: |\n  a\nb: 1\n', 'x\ny', 'key: |-\n  x\n  y\nb: 1\n'],
    [
      'a block keeps its line ends',
      'key: |\r\n  a\r\nb: 1\r\n',
      'x\ny\n',
      'key: |\r\n  x\r\n  y\r\nb: 1\r\n',
    ],
    ['a block keeps its tabs', 'key: |\n  a\n', 'x\ty\n', 'key: |\n  x\ty\n'],
    ['what some reader refuses in a block gets quotes', 'key: |\n  a\n', 'x\u0007', 'key: "x\\u0007"\n'],
    ['what ends a line in some reader gets quotes', 'key: |-\n  a\n', 'x\u2028y', 'key: "x\\u2028y"\n'],
    ['what was the end of a line once gets quotes', 'key: |-\n  a\n', 'x\u0085y', 'key: "x\\u0085y"\n'],
    ['a line end alone gets quotes', 'key: |-\n  a\n', 'x\ry', 'key: "x\\ry"\n'],
    ['what is no character gets quotes', "key: 'a'", 'x\uFFFE', 'key: "x\\ufffe"'],
    ['what no block can hold gets quotes', 'key: | # c\n  a\nb: 1\n', 'x\r', 'key: "x\\r" # c\nb: 1\n'],
  ])('%s', (_rule, before, value, after) => {
    expect(edit(before, 'key', value)).toBe(after);
  });
});

it('a plain value that the checksum of SOPS leaves out is edited', () => {
  const text = 'key: old\nsops:\n  mac: ENC[AES256_GCM,data:x]\n  mac_only_encrypted: true\n';
  expect(edit(text, 'key', 'new')).toBe(text.replace('old', 'new'));
});

describe('what a YAML file refuses', () => {
  it.each([
    ['a number', 'key: 12', /holds a number/],
    ['nothing', 'key:', /holds null/],
    ['a mapping', 'key: {}', /holds a mapping/],
    ['a list', 'key: []', /holds a list/],
    ['a name that is there twice', 'key: a\nkey: b', /not YAML.*DUPLICATE_KEY/],
    ['a name that is there as a text and as a number', 'a: {"1": x, 1: y}\nkey: 1', /holds a number/],
    ['an alias', 'a: &x old\nkey: *x', /alias \*x/],
    ['a text that others share', 'key: &x old\nb: *x', /anchor &x/],
    ['encrypted by Ansible', 'key: !vault |\n  $ANSIBLE_VAULT;1.1', /tag !vault/],
    ['bytes', 'key: !!binary aGVsbG8=', /tag !!binary/],
    ['encrypted by SOPS', 'key: ENC[AES256_GCM,data:x]', /SOPS/],
    ['plain beside what SOPS has encrypted', 'key: a\nsops:\n  mac: ENC[AES256_GCM,data:x]', /SOPS/],
    ['several documents', 'key: a\n---\nkey: b', /holds 2/],
    ['what is no YAML', 'key: [a', /line 1/],
  ])('%s', (_what, text, reason) => {
    const refused = expect.objectContaining({ code: 'REFUSED', message: expect.stringMatching(reason) });
    expect(() => read(text, 'key')).toThrow(refused);
    expect(() => edit(text, 'key', 'new')).toThrow(refused);
  });

  it.each([
    ['a mapping that others share', 'base: &b {key: old}\nother: *b', 'base.key', /anchor &b/],
    ['a value behind an alias', 'base: &b {key: old}\nother: *b', 'other.key', /alias \*b/],
    ['a number and a text of the same name', '{"1": x, 1: y}', '1', /occurs 2 times/],
  ])('%s', (_what, text, field, reason) => {
    expect(() => read(text, field)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(reason) }),
    );
  });

  it.each([
    ['', 'key'],
    ['# key: a', 'key'],
    ['a: b', 'key'],
    ['key: a', 'key.b'],
    ['key: [a]', 'key[1]'],
    ['base: &b {key: old}\nother:\n  <<: *b', 'other.key'],
  ])('%j has no %s', (text, field) => {
    expect(read(text, field)).toBeUndefined();
    expect(() => edit(text, field, 'new')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  it('never shows a piece of what it could not read', () => {
    expect(() => read('key: "the-secret" itself', 'key')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
