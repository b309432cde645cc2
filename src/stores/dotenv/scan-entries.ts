/** `''`: bare. */
export type Quote = '' | "'" | '"' | '`';

/** One assignment in an env file, and where its value stands. */
export interface Entry {
  readonly key: string;
  /** As the `dotenv` package gives it. */
  readonly value: string;
  readonly quote: Quote;
  /** Of the value as written, quotes included: the only characters an edit may touch. UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

/** A half-parsed piece and the offset behind it. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly quote: Quote;
}

const SPACE = /\s*/y;
const KEY = /[\w.-]+/y;
const EXPORT = /export\s+/y;
const BARE = /[^#\r\n]+/y;
const REST_OF_LINE = /.*/y;
const LINE_END = /[\n\r\u2028\u2029]/g;

/**
 * Every assignment, in order, exactly as the `dotenv` package (17.x) sees them, oddities included: a bare value ends
 * at any `#`; white space around `=` and before a quote may span lines; a quote that is not followed by the end of
 * the line is no quote. Line ends are not normalised, so that the offsets are those of the text as it is.
 */
export function scanEntries(text: string): Entry[] {
  const entries: Entry[] = [];
  let at = 0;
  while (at < text.length) {
    const begin = endOf(SPACE, text, at);
    const found = entryAt(text, begin);
    if (found !== undefined) entries.push(found.entry);
    at = nextLine(text, found?.next ?? begin);
  }
  return entries;
}

function entryAt(text: string, begin: number): { entry: Entry; next: number | undefined } | undefined {
  // `export` alone may be the key itself.
  const head = headAt(text, endOf(EXPORT, text, begin)) ?? headAt(text, begin);
  if (head === undefined) return undefined;
  const { piece, next } = valueAt(text, head.end);
  return { entry: { key: head.key, value: parsedValue(text, piece), ...piece }, next };
}

/** The key and its separator: `=` with any white space before it, or `:` with white space behind it. */
function headAt(text: string, at: number): { key: string; end: number } | undefined {
  const keyEnd = endOf(KEY, text, at);
  if (keyEnd === at) return undefined;
  const key = text.slice(at, keyEnd);
  const equals = endOf(SPACE, text, keyEnd);
  if (text[equals] === '=') return { key, end: equals + 1 };
  if (text[keyEnd] !== ':') return undefined;
  if (text.startsWith('\r\n', keyEnd + 1)) return { key, end: keyEnd + 3 };
  return endOf(SPACE, text, keyEnd + 1) > keyEnd + 1 ? { key, end: keyEnd + 2 } : undefined;
}

function valueAt(text: string, at: number): { piece: Piece; next: number | undefined } {
  const begin = endOf(SPACE, text, at);
  const quote = text[begin];
  if (quote === "'" || quote === '"' || quote === '`') {
    for (const close of closingQuotes(text, begin, quote)) {
      const next = tailEnd(text, close + 1);
      if (next !== undefined) return { piece: { start: begin, end: close + 1, quote }, next };
    }
  }
  const end = endOf(BARE, text, at);
  const bare = text.slice(at, end);
  const start = at + (bare.trim() === '' ? 0 : bare.length - bare.trimStart().length);
  const piece: Piece = { start, end: start + bare.trim().length, quote: '' };
  return { piece, next: tailEnd(text, end) };
}

/** Where the quote may close: the first that no backslash stands before, else an escaped one, the last first. */
function closingQuotes(text: string, open: number, quote: string): number[] {
  const escaped: number[] = [];
  for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (text[at - 1] !== '\\') return [at, ...escaped];
    escaped.unshift(at);
  }
  return escaped;
}

/** The end of what may follow a value (white space, a comment), or undefined when something else follows. */
function tailEnd(text: string, at: number): number | undefined {
  const end = endOf(SPACE, text, at);
  if (end === text.length) return end;
  if (text[end] === '#') return endOf(REST_OF_LINE, text, end);
  const lastLineEnd = text.slice(at, end).search(/[\n\r\u2028\u2029][^\n\r\u2028\u2029]*$/);
  return lastLineEnd === -1 ? undefined : at + lastLineEnd;
}

function parsedValue(text: string, piece: Piece): string {
  const written = text.slice(piece.start, piece.end).replace(/\r\n?/g, '\n');
  // The flags matter: a bare value with U+2028 in it has more than one line here.
  const value = written.replace(/^(['"`])([\s\S]*)\1$/gm, '$2');
  if (!written.startsWith('"')) return value;
  return value.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}

function nextLine(text: string, at: number): number {
  LINE_END.lastIndex = at;
  return LINE_END.test(text) ? LINE_END.lastIndex : text.length;
}

/** Where the match of a sticky pattern ends; `at` itself when it does not match. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
