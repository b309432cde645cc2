import { Decline } from './plain-yaml-decline.ts';
import { flowValue } from './plain-yaml-flow.ts';
import { type Scanner, scalarToken, takeEntries } from './plain-yaml-token.ts';
import { createWordCache } from './plain-yaml-word.ts';

/**
 * The plain part of YAML that inventories are written in, several times as fast as a whole parser: mappings and lists
 * by indentation, `{…}` and `[…]` on one line, plain and quoted words, comments. Whatever is not certainly in this part
 * (anchors, tags, block texts, values over several lines, tabs, a name that stands twice, any mistake) is declined, and
 * a whole parser decides. What it does read, it reads as js-yaml does; a property test holds it to that.
 */
export function readPlainYaml(written: string): { readonly data: unknown } | undefined {
  if (UNUSUAL.test(written)) return undefined;
  const text = written.endsWith('\n') ? written : `${written}\n`;
  const at = text.startsWith('---\n') ? 4 : 0;
  const scanner: Scanner = { text, at, column: 0, isKey: false, words: createWordCache(), entries: [] };
  try {
    if (nextContent(scanner) !== 0) return undefined;
    const data = block(scanner);
    return isOver(scanner) ? { data } : undefined;
  } catch (error) {
    if (error instanceof Decline) return undefined;
    throw error;
  }
}

/** Tabs and carriage returns, what YAML does not allow, and what is outside of the basic plane. */
const UNUSUAL = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** The column past the last line. */
const END = -1;

function isOver(scanner: Scanner): boolean {
  return scanner.column === END;
}

/** Goes to the first character of the next line that has content, and gives its column. */
function nextContent(scanner: Scanner): number {
  const { text } = scanner;
  for (;;) {
    const start = scanner.at;
    let at = start;
    while (text.charCodeAt(at) === 0x20) at += 1;
    const code = text.charCodeAt(at);
    scanner.at = at;
    if (at >= text.length) {
      scanner.column = END;
      return END;
    }
    if (code === 0x0a) scanner.at = at + 1;
    else if (code === 0x23) skipLine(scanner);
    else {
      scanner.column = at - start;
      return scanner.column;
    }
  }
}

function skipLine(scanner: Scanner): void {
  scanner.at = scanner.text.indexOf('\n', scanner.at) + 1;
}

/** After a value: nothing but spaces and a comment may follow on the line. */
function endLine(scanner: Scanner): void {
  const { text } = scanner;
  const start = scanner.at;
  while (text.charCodeAt(scanner.at) === 0x20) scanner.at += 1;
  const code = text.charCodeAt(scanner.at);
  if (code === 0x0a) scanner.at += 1;
  else if (code === 0x23 && scanner.at > start) skipLine(scanner);
  else throw new Decline();
  nextContent(scanner);
}

/** Leaves a line that is known to be over. */
function nextLine(scanner: Scanner): void {
  skipLine(scanner);
  nextContent(scanner);
}

function isDash(scanner: Scanner): boolean {
  if (scanner.text.charCodeAt(scanner.at) !== 0x2d) return false;
  const next = scanner.text.charCodeAt(scanner.at + 1);
  return next === 0x20 || next === 0x0a;
}

/** Whether the rest of the line is empty: the value, if there is one, stands below. */
function isLineOver(scanner: Scanner): boolean {
  const before = scanner.at;
  while (scanner.text.charCodeAt(scanner.at) === 0x20) scanner.at += 1;
  const code = scanner.text.charCodeAt(scanner.at);
  return code === 0x0a || (code === 0x23 && scanner.at > before);
}

/** A list or a mapping that begins here, in the scanner's column. */
function block(scanner: Scanner): unknown {
  if (isDash(scanner)) return list(scanner, scanner.column);
  const { column } = scanner;
  const first = scalarToken(scanner, false);
  if (!scanner.isKey) throw new Decline();
  return mapping(scanner, column, first);
}

function list(scanner: Scanner, column: number): unknown[] {
  const { entries } = scanner;
  const from = entries.length;
  while (scanner.column === column && isDash(scanner)) {
    const dash = scanner.at;
    scanner.at += 1;
    if (isLineOver(scanner)) {
      nextLine(scanner);
      // Parsers disagree about an empty entry in a list within a list.
      if (scanner.column <= column) throw new Decline();
      entries.push(block(scanner));
    } else {
      entries.push(item(scanner, column + scanner.at - dash));
    }
  }
  if (scanner.column > column) throw new Decline();
  return takeEntries(scanner, from);
}

/** What stands behind a dash: a mapping or list whose first line this is, or one value. */
function item(scanner: Scanner, column: number): unknown {
  scanner.column = column;
  if (isDash(scanner)) return list(scanner, column);
  const flow = flowValue(scanner);
  if (flow === undefined) {
    const word = scalarToken(scanner, false);
    if (scanner.isKey) return mapping(scanner, column, word);
    endLine(scanner);
    return word;
  }
  endLine(scanner);
  return flow;
}

function mapping(scanner: Scanner, column: number, firstKey: unknown): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  let key = firstKey;
  for (;;) {
    // Also declines `constructor` and the like, which a plain object seems to have.
    if (typeof key !== 'string' || key === '<<' || result[key] !== undefined) throw new Decline();
    result[key] = mappingValue(scanner, column);
    if (scanner.column < column) return result;
    if (scanner.column > column || isDash(scanner)) throw new Decline();
    key = scalarToken(scanner, false);
    if (!scanner.isKey) throw new Decline();
  }
}

function mappingValue(scanner: Scanner, column: number): unknown {
  if (isLineOver(scanner)) {
    nextLine(scanner);
    if (scanner.column > column) return block(scanner);
    // A list may stand right below its name, without further indentation.
    return scanner.column === column && isDash(scanner) ? list(scanner, column) : null;
  }
  const flow = flowValue(scanner);
  const value = flow === undefined ? plainValue(scanner) : flow;
  endLine(scanner);
  return value;
}

function plainValue(scanner: Scanner): unknown {
  if (isDash(scanner)) throw new Decline();
  const word = scalarToken(scanner, false);
  if (scanner.isKey) throw new Decline();
  return word;
}
