/**
 * Key → text of its value, exactly as it stood. Neighbours pass through us as text, because `JSON.parse` would
 * change what is not ours: 12345678901234567890 loses digits, 1.0 becomes 1.
 */
export type RawObject = ReadonlyMap<string, string>;

/** Splits a JSON object at its own level. `text` must be valid JSON (parse it first); the last of equal keys wins. */
export function splitObject(text: string): RawObject {
  const entries = new Map<string, string>();
  walk(text, (key, start, end) => entries.set(key, text.slice(start, end)));
  return entries;
}

/** The text of one value of a JSON object, under the same terms; undefined when there is none. */
export function rawValueOf(text: string, wanted: string): string | undefined {
  let found: string | undefined;
  walk(text, (key, start, end) => {
    if (key === wanted) found = text.slice(start, end);
  });
  return found;
}

export function joinObject(entries: RawObject): string {
  const parts: string[] = [];
  for (const [key, raw] of entries) parts.push(`${JSON.stringify(key)}:${raw}`);
  return `{${parts.join(',')}}`;
}

// By code and not by character: there are three walks a push, over all that a server says.
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function walk(text: string, visit: (key: string, start: number, end: number) => void): void {
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (at < text.length && text.charCodeAt(at) !== CLOSE_BRACE) {
    const keyEnd = endOfString(text, at);
    const start = skipSpace(text, text.indexOf(':', keyEnd) + 1);
    const end = endOfValue(text, start);
    visit(keyOf(text, at, keyEnd), start, end);
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
}

function keyOf(text: string, start: number, end: number): string {
  const inside = text.slice(start + 1, end - 1);
  return inside.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : inside;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

/** Index after the closing quote of the string that begins at `from`. */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

function endOfValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === QUOTE) return endOfString(text, from);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfNested(text, from);
  let at = from;
  while (at < text.length && !endsScalar(text.charCodeAt(at))) at += 1;
  return at;
}

function endsScalar(code: number): boolean {
  return code <= 0x20 || code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET;
}

function endOfNested(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return text.length;
}
