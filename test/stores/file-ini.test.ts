import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyValue, fileFormat, place, plainValue, spellingIn, whole } from './support/file-edit.ts';

const { read, edit, tryEdit } = await fileFormat('ini');

const PLACES: readonly (readonly [what: string, field: string, text: string])[] = [
  ['a value', 'a.key', '; c\r\nkey = other\r\n[a] ; s\r\nkey  =\t«old»  \r\n# c\r\n[b]\r\nkey=other'],
  ['a value in front of all sections', 'key', '\uFEFFkey=«old»\n\n[a]\nkey = other\n'],
  ['a value behind a colon', 'a.key', '[a]\nkey: «old»\nflag\n'],
  ['a value in quotes', 'a.key', '[a]\nkey = "«old»" ; why\nother = "x\n'],
  ['a value in single quotes', 'a.key', "[a]\n  key = '«old»'\n  other = 1\n"],
  [
    'a value in a section with spaces',
    '["remote \\"origin\\""].key',
    '[remote "origin"]\n\tkey = «old»\n\tb = 1\n',
  ],
  ['a value in a section with dots', '["a.b"].key', '[a.b]\nkey = «old»\n\n[a]\nb = x'],
  ['the last line', 'a.key', '[a]\nlong = x\n  y = 2\n\n  z\nkey = «old»'],
];

describe.each(PLACES)('%s of an INI file', (_what, field, text) => {
  const there = place(text);

  it('gets any value that is plain', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        expect(edit(whole(there), field, value)).toBe(there.head + value + there.tail);
      }),
    );
  });

  it('gets a value as it is or not at all, and every other byte stays', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const edited = tryEdit(whole(there), field, value);
        if (edited === undefined) return;
        expect(spellingIn(edited, there)).toBe(value);
        expect(read(edited, field)).toBe(value);
        expect(edit(edited, field, 'old')).toBe(whole(there));
      }),
    );
  });
});

describe('an empty value of an INI file', () => {
  it.each([
    ['key=\nb=1', 'key=new\nb=1'],
    ['key = \nb=1', 'key = new\nb=1'],
    ['key =', 'key =new'],
    ['key = ""', 'key = "new"'],
  ])('is filled: %j', (before, after) => {
    expect(read(before, 'key')).toBe('');
    expect(edit(before, 'key', 'new')).toBe(after);
  });
});

describe('what an INI file refuses', () => {
  it.each([
    ['a key that is there twice', 'key=a\nkey=b', /occurs 2 times/],
    ['a key that is there in another case', 'Key=a\nkey=b', /occurs 2 times/],
    ['what may be a comment', 'key = a ; b', /comment/],
    ['what may be a comment, from the beginning', 'key = #a', /comment/],
    ['what git and npm take for a comment, and Python does not', 'key = a;b', /comment/],
    ['the same with the other sign', 'key = a#b', /comment/],
    ['a value of two lines', 'key = a\n  b', /goes on in the next line/],
    ['a value that goes on after an empty line', 'key = a\n\n  b=c', /goes on in the next line/],
    ['a backslash at the end', 'key = a\\\nb=1', /backslash/],
    ['one quote', 'key = "a', /quote/],
    ['a backslash in quotes', 'key = "a\\"b"', /quote/],
    ['encrypted by SOPS', 'key = ENC[AES256_GCM,data:x]', /SOPS/],
    ['plain beside what SOPS has encrypted', 'key = a\n[sops]\nmac = ENC[AES256_GCM,data:x]', /SOPS/],
    ['a section without an end', '[a\nkey = a', /line 1/],
  ])('%s', (_what, text, reason) => {
    const refused = expect.objectContaining({ code: 'REFUSED', message: expect.stringMatching(reason) });
    expect(() => read(text, 'key')).toThrow(refused);
    expect(() => edit(text, 'key', 'new')).toThrow(refused);
  });

  it('a key that is there in another section whose name differs in case alone: git and Windows have one', () => {
    const text = '[App]\nkey = a\n[app]\nkey = b\n';
    expect(() => read(text, 'app.key')).toThrow(/occurs 2 times/);
    expect(read('[App]\nkey = a\n[app]\nother = b\n', 'App.key')).toBe('a');
    // Of what is in quotes git looks at the case.
    expect(read('[r "A"]\nkey = a\n[r "a"]\nkey = b\n', '["r \\"a\\""].key')).toBe('b');
  });

  it.each(['a b ', ' a', 'a\nb', 'a ;b', 'a;b', 'a#b', ';a', '"a', "'", 'a\\', 'a\r'])(
    'the new value %j',
    (value) => {
      expect(() => edit('key = old', 'key', value)).toThrow(expect.objectContaining({ code: 'REFUSED' }));
    },
  );

  it.each(['a"b', 'a\\b', 'a\nb'])('the new value %j in quotes', (value) => {
    expect(() => edit('key = "old"', 'key', value)).toThrow(expect.objectContaining({ code: 'REFUSED' }));
  });

  it.each([
    ['; key = a', 'key'],
    ['[a]\nkey = a', 'key'],
    ['key', 'key'],
    ['key = a', 'a.key'],
    ['long = a\n  key = b', 'key'],
    ['[a]\nb = x', 'a.b.c'],
  ])('%j has no %s', (text, field) => {
    expect(read(text, field)).toBeUndefined();
  });
});
