import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanEntries } from '../../src/stores/dotenv/scan-entries.ts';

/** Pieces that mean something in an env file, so that random texts are full of near misses. */
const PIECES = [
  ...['A', 'B', 'KEY_1', 'a.b-c', 'export ', 'export', '=', ' = ', ': ', ':', '#', ' # ', '$', '-'],
  ...["'", '"', '`', '\\', '\\n', "\\'", '\\"', '\\`', '\n', '\n', '\n', '\r\n', '\r', ' ', '\t', '\uFEFF'],
  ...['\u2028', '\u00A0', 'x', 'é', '🔑', 'A=1\n', 'B="', "C='\n", 'D=`'],
];
const hostileText = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''));

/** The last entry of a key wins, as in the package. */
function asRecord(text: string): Record<string, string> {
  return Object.fromEntries(scanEntries(text).map((entry) => [entry.key, entry.value]));
}

describe('reading an env file', () => {
  it('sees exactly what the dotenv package sees, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(asRecord(text)).toEqual(parse(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['a bare value ends at any #', 'A=b#c', 'b'],
    ['quotes keep a #', 'A="b#c"', 'b#c'],
    ['double quotes expand \\n', 'A="a\\nb"', 'a\nb'],
    ['single quotes expand nothing', "A='a\\nb'", 'a\\nb'],
    ['an escaped quote keeps its backslash', 'A="a\\"b"', 'a\\"b'],
    ['a quoted value may span lines', 'A="x\r\ny"', 'x\ny'],
    ['an unbalanced quote is part of the value', 'A="b', '"b'],
    ['text after a quote makes the quote part of the value', "A='b' c", "'b' c"],
    ['a colon with a space separates too', 'A: b', 'b'],
    ['export is skipped', 'export A=b', 'b'],
    ['the value may stand on the next line, if quoted', 'A=\n"b"', 'b'],
  ])('%s', (_rule, text, value) => {
    expect(asRecord(text)).toEqual({ A: value });
  });

  it('says where each value stands, quotes included', () => {
    const text = '\uFEFFexport A = "one" # first\r\nB=two # second\r\nC=\r\n';
    const written = scanEntries(text).map(({ key, start, end, quote }) => [
      key,
      text.slice(start, end),
      quote,
    ]);
    expect(written).toEqual([
      ['A', '"one"', '"'],
      ['B', 'two', ''],
      ['C', '', ''],
    ]);
  });

  it.each(['\n', ' ', "A='\\'", 'A="', 'A=`x\n', '# x\n', 'export ', 'A\n', 'A=\n', '\\"'])(
    'reads a mebibyte of %j, which a backtracking expression would never finish',
    (piece) => {
      const text = piece.repeat(Math.floor((1024 * 1024) / piece.length));
      expect(scanEntries(text).length).toBeLessThanOrEqual(text.length);
    },
  );
});
