/**
 * Splits a command line into words the way a shell does, and does nothing else a shell does: no variables, no globs,
 * no operators. `'…'` is taken as it is, `"…"` and bare words know the backslash. Undefined when a quote is left open.
 */
export function splitWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let position = 0;
  while (position < line.length) {
    const piece = pieceAt(line, position);
    if (piece === undefined) return undefined;
    position = piece.end;
    if (piece.text !== undefined) word = (word ?? '') + piece.text;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

const SPACE = /\s+/y;
const SINGLE = /'[^']*'/y;
const DOUBLE = /"(?:[^"\\]|\\[\s\S])*"/y;
const BARE = /(?:[^\s'"\\]|\\[\s\S])+/y;

/** One stretch of white space (no text), quoted text or bare text. */
function pieceAt(line: string, position: number): { text: string | undefined; end: number } | undefined {
  for (const [pattern, textOf] of PIECES) {
    pattern.lastIndex = position;
    const match = pattern.exec(line);
    if (match !== null) return { text: textOf(match[0]), end: pattern.lastIndex };
  }
  return undefined;
}

const PIECES: readonly (readonly [RegExp, (match: string) => string | undefined])[] = [
  [SPACE, () => undefined],
  [SINGLE, (quoted) => quoted.slice(1, -1)],
  // Within double quotes a shell keeps the backslash before an ordinary character.
  [DOUBLE, (quoted) => quoted.slice(1, -1).replace(/\\(["\\$`])/g, '$1')],
  [BARE, (bare) => bare.replace(/\\([\s\S])/g, '$1')],
];
