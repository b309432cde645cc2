import type { TomlQuote, TomlText } from './toml-tree.ts';

/** In the order in which they are tried: three quotes are no empty string and a third. */
const FORMS: readonly { readonly quote: TomlQuote; readonly pattern: RegExp }[] = [
  {
    quote: '"""',
    pattern: /"""((?:[^"\\\p{Cc}]|[\t\n]|\r\n|\\(?:[^\r]|\r\n)|"{1,2}(?=[^"]))*"{0,2})"""(?!")/uy,
  },
  { quote: "'''", pattern: /'''((?:[^'\p{Cc}]|[\t\n]|\r\n|'{1,2}(?=[^']))*'{0,2})'''(?!')/uy },
  { quote: '"', pattern: /"(?!"")((?:[^"\\\p{Cc}]|\t|\\[^\p{Cc}])*)"/uy },
  { quote: "'", pattern: /'(?!'')((?:[^'\p{Cc}]|\t)*)'/uy },
];

/** The string that begins at an offset; undefined when there is none, or one that is not right. */
export function stringAt(text: string, start: number): TomlText | undefined {
  for (const { quote, pattern } of FORMS) {
    pattern.lastIndex = start;
    const raw = pattern.exec(text)?.[1];
    if (raw === undefined) continue;
    const value = decoded(raw, quote);
    return value === undefined ? undefined : { kind: 'text', value, quote, start, end: pattern.lastIndex };
  }
  return undefined;
}

/** Line ends are kept as they are in the file; TOML leaves them to the reader. */
function decoded(raw: string, quote: TomlQuote): string | undefined {
  const trimmed = quote.length === 3 ? raw.replace(/^\r?\n/, '') : raw;
  if (quote.startsWith("'")) return trimmed;
  const joined = quote === '"' ? trimmed : withoutFoldedLines(trimmed);
  let right = true;
  const value = joined.replace(ESCAPE, (whole: string, four?: string, eight?: string) => {
    const plain = ESCAPES[whole] ?? fromCodePoint(four ?? eight);
    right &&= plain !== undefined;
    return plain ?? '';
  });
  return right ? value : undefined;
}

/** A backslash at the end of a line takes the line end and the white space behind it along. */
function withoutFoldedLines(raw: string): string {
  return raw.replace(/\\(?:[ \t]*\r?\n[ \t\r\n]*|([\s\S]))/g, (whole, sign?: string) =>
    sign === undefined ? '' : whole,
  );
}

const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|[\s\S])/g;

const ESCAPES: Readonly<Record<string, string>> = {
  '\\b': '\b',
  '\\t': '\t',
  '\\n': '\n',
  '\\f': '\f',
  '\\r': '\r',
  '\\"': '"',
  '\\\\': '\\',
};

function fromCodePoint(hex: string | undefined): string | undefined {
  if (hex === undefined) return undefined;
  const code = Number.parseInt(hex, 16);
  const isScalar = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isScalar ? String.fromCodePoint(code) : undefined;
}
