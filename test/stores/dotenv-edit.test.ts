import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRotationError } from '../../src/core/errors/rotation-error.ts';
import { editEntries } from '../../src/stores/dotenv/edit-entries.ts';

const SIGNS = [
  'a',
  'Z',
  '9',
  '_',
  '+',
  '/',
  '=',
  "'",
  '"',
  '`',
  '\\',
  '$',
  '$(',
  '#',
  ' ',
  '\n',
  '\r',
  '\\n',
  'é',
  '🔑',
  '{',
  ',',
];
const anyValue = fc
  .array(fc.constantFrom(...SIGNS), { minLength: 1, maxLength: 24 })
  .map((signs) => signs.join(''));
const anyEol = fc.constantFrom('\n', '\r\n');
/** The line to be changed, around its old value. */
const anyLine = fc.constantFrom<[string, string]>(
  ['KEY=old', ''],
  ['export KEY=old', ' # why'],
  [' KEY = "old"', '\t# why'],
  ["KEY='old'", ''],
  ['KEY=`old`', '#why'],
  ['KEY: old', ' '],
  ['KEY=', ''],
  ['KEY="line one\nline two"', ''],
);
const anyNeighbour = fc.oneof(
  anyValue.map((value) => `OTHER='${value.replaceAll("'", '')}'`),
  fc.constantFrom(
    '# KEY=commented',
    '',
    'EMPTY=',
    'X="multi',
    'NOT=in quotes',
    'end"',
    "LONELY='",
    'export',
    'Y=1#2',
  ),
);

function edit(text: string, value: string): string {
  return editEntries(text, new Map([['KEY', value]]), 'file');
}

function withoutKey(text: string): Record<string, string> {
  const { KEY: _, ...rest } = parse(text);
  return rest;
}

describe('editing an env file', () => {
  it('gives back the very value to the dotenv package, and every neighbour its own, or refuses', () => {
    fc.assert(
      fc.property(
        fc.array(anyNeighbour),
        anyLine,
        fc.array(anyNeighbour),
        anyEol,
        anyValue,
        (above, line, below, eol, value) => {
          const text = [...above, line.join(''), ...below].join(eol);
          fc.pre(typeof parse(text)['KEY'] === 'string');
          try {
            const edited = edit(text, value);
            expect(parse(edited)['KEY']).toBe(value);
            expect(withoutKey(edited)).toEqual(withoutKey(text));
          } catch (error) {
            if (!isRotationError(error, 'REFUSED')) throw error;
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('changes no character outside the value', () => {
    const plain = fc.stringMatching(/^[A-Za-z0-9_+=/@:.,~%^-]{1,40}$/);
    fc.assert(
      fc.property(plain, anyEol, (value, eol) => {
        const head = ['\uFEFF# é', 'A=1', "B='x # y'", ' export KEY = "'].join(eol);
        const tail = ['" # rotated', 'C="a', 'b"', '', 'D=`z`'].join(eol);
        expect(edit(`${head}old${tail}`, value)).toBe(`${head}${value}${tail}`);
      }),
    );
  });

  it('refuses no value that has no quotes, backslashes or carriage returns', () => {
    const ordinary = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((value) => !/['"`\\\r\0]/.test(value));
    fc.assert(
      fc.property(ordinary, anyLine, (value, line) => {
        expect(parse(edit(`A=1\n${line.join('')}\nB=2`, value))).toEqual({ A: '1', KEY: value, B: '2' });
      }),
      { numRuns: 2_000 },
    );
  });

  it('changes nothing when the value is there already', () => {
    fc.assert(
      fc.property(anyLine, anyValue, (line, value) => {
        let once: string;
        try {
          once = edit(line.join(''), value);
        } catch {
          return;
        }
        expect(edit(once, value)).toBe(once);
      }),
    );
  });

  it.each([
    ['KEY=a b', 'a b'],
    ["KEY=it's", "it's"],
    ['KEY="a\nb"', 'a\nb'],
    ['KEY: `x`', 'x'],
  ])('does not respell what has the value already: %j', (text, value) => {
    expect(edit(text, value)).toBe(text);
  });

  it.each([
    ['bare stays bare', 'KEY=old # why', 'new', 'KEY=new # why'],
    ['double quotes stay', 'KEY="old"', 'new', 'KEY="new"'],
    ['single quotes stay', "KEY='old'", 'new', "KEY='new'"],
    ['backquotes stay', 'KEY=`old`', 'new', 'KEY=`new`'],
    ['an empty value is filled', 'KEY= # why', 'new', 'KEY=new # why'],
    ['double quotes serve for a #', 'KEY="old"', 'a#b', 'KEY="a#b"'],
    ['line breaks written as \\n stay so', 'KEY="a\\nb"', 'c\nd', 'KEY="c\\nd"'],
    ['a bare value that needs quotes gets single ones', 'KEY=old', 'a b', "KEY='a b'"],
    ['$ goes into single quotes, where it is literal', 'KEY="old"', 'a$b', "KEY='a$b'"],
    ["a ' goes into double quotes", 'KEY=old', "it's", 'KEY="it\'s"'],
    ['both quotes go into backquotes', 'KEY=old', `"it's"`, 'KEY=`"it\'s"`'],
    ['every one of equal duplicates changes', 'KEY=old\nKEY="old"', 'new', 'KEY="new"\nKEY="new"'],
  ])('%s', (_rule, before, value, after) => {
    expect(edit(before, value)).toBe(after);
  });

  it.each([
    ['all three quotes', 'KEY=old', '\'"`'],
    ['a command that some readers would run', 'KEY=old', "it's $(date)"],
    ['duplicates that contradict each other', 'KEY=one\nKEY=two', 'new'],
    ['a value encrypted by dotenvx', 'KEY="encrypted:BDqDBibm4wsYqMpCjTQ6BsDHmMadg9K3dAt"', 'new'],
    ['a new value that readers would take for an encrypted one', 'KEY=old', 'encrypted:not'],
  ])('refuses %s', (_what, before, value) => {
    expect(() => edit(before, value)).toThrow(expect.objectContaining({ code: 'REFUSED' }));
  });

  it('never adds a key that is not there: it may be misspelt', () => {
    expect(() => edit('KEYS=1\n# KEY=2', 'new')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
