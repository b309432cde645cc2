import { Decline } from './plain-yaml-decline.ts';
import { resolveWord, type WordCache } from './plain-yaml-word.ts';

/** Where we are in the text, which ends with a newline. */
export interface Scanner {
  readonly text: string;
  at: number;
  /** Of the first character of the line, or of the value that begins here. */
  column: number;
  /** Whether a colon stood behind the last word, and has been read. */
  isKey: boolean;
  readonly words: WordCache;
  /** Entries of the lists that are being read, the innermost last. */
  readonly entries: unknown[];
}

/** The entries from here on, as a list of just their number: one that grows keeps room for sixteen. */
export function takeEntries(scanner: Scanner, from: number): unknown[] {
  const taken = scanner.entries.slice(from);
  scanner.entries.length = from;
  return taken;
}

const INDICATORS = new Set([...'?:,[]{}#&*!|>%@`'].map((each) => each.charCodeAt(0)));

/** A plain or quoted word, up to its end or to the colon that makes it a name (`isKey`). */
export function scalarToken(scanner: Scanner, inFlow: boolean): unknown {
  const code = scanner.text.charCodeAt(scanner.at);
  if (code === 0x22 || code === 0x27) {
    const value = code === 0x22 ? doubleQuoted(scanner) : singleQuoted(scanner);
    scanner.isKey = readColon(scanner);
    return value;
  }
  if (INDICATORS.has(code)) throw new Decline();
  return plain(scanner, inFlow);
}

function plain(scanner: Scanner, inFlow: boolean): unknown {
  const { text, at: start } = scanner;
  let at = start;
  let isKey = false;
  let hash = 0;
  // The end of the word without the spaces behind it.
  let end = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) break;
    if (code === 0x3a && isColon(text, at, inFlow)) {
      isKey = true;
      break;
    }
    if (code === 0x23 && at > end) break;
    if (inFlow && isFlowIndicator(code)) break;
    at += 1;
    hash = (hash * 31 + code) | 0;
    if (code !== 0x20) end = at;
  }
  if (
    end === start ||
    end - start > MAX_LENGTH ||
    text.startsWith('---', start) ||
    text.startsWith('...', start)
  ) {
    throw new Decline();
  }
  scanner.at = isKey ? at + 1 : end;
  scanner.isKey = isKey;
  return end === at ? scanner.words.read(text, start, end, hash) : resolveWord(text.slice(start, end));
}

/** Names may not be longer in YAML; for values it is merely unusual. */
const MAX_LENGTH = 1000;

function isColon(text: string, at: number, inFlow: boolean): boolean {
  const next = text.charCodeAt(at + 1);
  if (next === 0x20 || next === 0x0a) return true;
  if (inFlow && isFlowIndicator(next)) throw new Decline();
  return false;
}

/** `,` `[` `]` `{` `}` */
function isFlowIndicator(code: number): boolean {
  return code === 0x2c || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

/** The colon behind a quoted name. */
function readColon(scanner: Scanner): boolean {
  const { text, at } = scanner;
  let next = at;
  while (text.charCodeAt(next) === 0x20) next += 1;
  if (text.charCodeAt(next) !== 0x3a) return false;
  const after = text.charCodeAt(next + 1);
  if (after !== 0x20 && after !== 0x0a) throw new Decline();
  scanner.at = next + 1;
  return true;
}

function singleQuoted(scanner: Scanner): string {
  const { text, at } = scanner;
  let close = text.indexOf("'", at + 1);
  let escaped = false;
  while (close >= 0 && text.charCodeAt(close + 1) === 0x27) {
    escaped = true;
    close = text.indexOf("'", close + 2);
  }
  const value = quotedText(scanner, close);
  return escaped ? value.replaceAll("''", "'") : value;
}

function doubleQuoted(scanner: Scanner): string {
  const { text, at } = scanner;
  const value = quotedText(scanner, text.indexOf('"', at + 1));
  if (value.includes('\\')) throw new Decline();
  return value;
}

function quotedText(scanner: Scanner, close: number): string {
  const value = scanner.text.slice(scanner.at + 1, close);
  if (close < 0 || value.length > MAX_LENGTH || value.includes('\n')) throw new Decline();
  scanner.at = close + 1;
  return value;
}
