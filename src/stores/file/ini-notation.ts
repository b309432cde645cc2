import { ABSENT, type Found, lineAt, malformed, type Notation, occursTwice } from './notation.ts';

/** One `key = value`, and where its value stands. */
interface Entry {
  readonly section: string;
  readonly key: string;
  /** Of the value, without white space and quotes around it. */
  readonly start: number;
  readonly end: number;
  /** Why readers of INI files would not agree on the value. */
  readonly doubt: string | undefined;
}

const LINE = /([^\r\n]*)(\r\n|\n|\r|$)/y;
const HEADER = /^\[([^\]\r\n]*)\][ \t]*(?:[;#].*)?$/;
const BLANK_OR_COMMENT = /^[ \t]*(?:[;#]|$)/;
const KEY = /^([ \t]*)([^=:[\s](?:[^=:]*[^=:\s])?)[ \t]*[=:][ \t]*/;
const QUOTED = /^(["'])((?:(?!\1)[^\\])*)\1[ \t]*(?:[;#].*)?$/;

/**
 * INI as most readers have it: `[section]`, `key = value` or `key: value`, comments on lines of their own. Where
 * readers differ the value is not touched.
 */
export const ini: Notation = {
  parse: (text, subject) => {
    const entries = entriesOf(text, subject);
    return {
      at: (steps) => find(text, entries, steps),
      beside: (steps) => {
        const [key, section] = named(steps);
        return JSON.stringify(
          entries.map((entry) => [
            entry.section,
            entry.key,
            entry.section === section && entry.key === key ? null : text.slice(entry.start, entry.end),
          ]),
        );
      },
    };
  },
  problemOf: (steps) =>
    steps.length > 2 ? 'has more than a section and a key, which is all an INI file has' : undefined,
};

function find(text: string, entries: readonly Entry[], steps: readonly string[]): Found {
  if (steps.length > 2) return ABSENT;
  const [key, section] = named(steps);
  // Many readers take names in any case, so that `Key` and `key` are one key twice.
  const alike = entries.filter(
    (entry) => folded(entry.section) === folded(section) && entry.key.toLowerCase() === key.toLowerCase(),
  );
  const entry = alike.find((each) => each.section === section && each.key === key);
  if (entry === undefined) return ABSENT;
  if (alike.length > 1) return occursTwice(alike.length);
  if (entry.doubt !== undefined) {
    return {
      kind: 'unusable',
      reason: entry.doubt,
      hint: 'Write it on one line, in quotes where its reader takes them off, and comments on a line of their own.',
    };
  }
  const { start, end } = entry;
  // As it is: which quotes and escapes a reader knows, nobody can tell.
  return { kind: 'text', value: text.slice(start, end), start, end, spell: (next) => [next] };
}

/** But for what is in quotes, as git has it in `remote "Origin"`. */
function folded(section: string): string {
  const [name = '', ...quoted] = section.split('"');
  return [name.toLowerCase(), ...quoted].join('"');
}

function named(steps: readonly string[]): readonly [key: string, section: string] {
  const [first = '', second] = steps;
  return second === undefined ? [first, ''] : [second, first];
}

function entriesOf(text: string, subject: string): readonly Entry[] {
  const entries: Entry[] = [];
  let section = '';
  /** Of the key above: what is indented deeper goes on with its value. */
  let indent = Number.POSITIVE_INFINITY;
  for (const { line, at } of linesOf(text)) {
    if (BLANK_OR_COMMENT.test(line)) continue;
    const last = entries.at(-1);
    const depth = line.length - line.trimStart().length;
    if (depth > indent && last !== undefined) {
      entries[entries.length - 1] = { ...last, doubt: 'goes on in the next line' };
      continue;
    }
    if (line.trimStart().startsWith('[')) {
      const header = HEADER.exec(line.trimStart());
      if (header === null) throw malformed(subject, 'an INI file', lineAt(text, at));
      section = header[1]?.trim() ?? '';
      indent = Number.POSITIVE_INFINITY;
      continue;
    }
    indent = depth;
    const entry = entryIn(line, at, section);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** Undefined for a key without a value, which some readers allow. */
function entryIn(line: string, at: number, section: string): Entry | undefined {
  const [head, , key] = KEY.exec(line) ?? [];
  if (head === undefined || key === undefined) return undefined;
  const start = at + head.length;
  const raw = line.slice(head.length).trimEnd();
  const [, quote, inside] = QUOTED.exec(raw) ?? [];
  if (quote !== undefined && inside !== undefined) {
    return { section, key, start: start + 1, end: start + 1 + inside.length, doubt: oddSigns(inside) };
  }
  return { section, key, start, end: start + raw.length, doubt: doubtOf(raw) };
}

function doubtOf(raw: string): string | undefined {
  if (/^["']/.test(raw))
    return 'begins with a quote that is not the one at its end, or has a backslash in quotes';
  // git and npm without a space in front of it too (MySQL `#`, PHP `;`); Python's configparser not even with one.
  if (/[;#]/.test(raw)) return 'has what some readers take for a comment, and others for a part of it';
  if (raw.endsWith('\\')) return 'ends with a backslash, after which some readers go on in the next line';
  return /^\s/.test(raw) ? ODD_SIGNS : oddSigns(raw);
}

const ODD_SIGNS = 'has signs that some readers take for white space or the end of a line';

function oddSigns(raw: string): string | undefined {
  return /[^\P{Cc}\t]|[\u2028\u2029]/u.test(raw) ? ODD_SIGNS : undefined;
}

function linesOf(text: string): readonly { readonly line: string; readonly at: number }[] {
  const lines: { line: string; at: number }[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    LINE.lastIndex = at;
    const [whole = '', line = ''] = LINE.exec(text) ?? [];
    lines.push({ line, at });
    at += whole.length;
  }
  return lines;
}
