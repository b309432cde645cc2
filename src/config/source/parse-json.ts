import type { Parsed } from './parsed.ts';
import { yamlFaults } from './yaml-faults.ts';

/** JSON.parse keeps the last of two equal names without a word, which would lose a service: that is looked for. */
export async function parseJson(raw: string): Promise<Parsed> {
  const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    // What is no JSON may be YAML all the same: an empty file, a comma too many, a name without quotes.
    const [fault = { line: 1, column: 1 }] = (await yamlFaults(text)).faults;
    const place = placeIn(text, String(error)) ?? fault;
    const message = 'is not JSON (a comment, a comma too many, or a quote that is missing?)';
    return { data: undefined, faults: [{ line: place.line, column: place.column, message }] };
  }
  if (countNames(text) === countMembers(data)) return { data, faults: [] };
  return yamlFaults(text);
}

/** Strings with a colon after them. The text is known to be JSON. */
function countNames(text: string): number {
  let count = 0;
  for (let open = text.indexOf('"'); open >= 0; ) {
    let at = endOfString(text, open) + 1;
    while (text.charCodeAt(at) <= SPACE) at += 1;
    if (text.charCodeAt(at) === COLON) count += 1;
    open = text.indexOf('"', at);
  }
  return count;
}

const SPACE = 32;
const COLON = 58;
const BACKSLASH = 92;

function endOfString(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); ; close = text.indexOf('"', close + 1)) {
    let before = close - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    // An even number of backslashes escapes itself, not the quote.
    if ((close - before) % 2 === 1) return close;
  }
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item);
    return count;
  }
  for (const name in value) count += 1 + countMembers((value as Record<string, unknown>)[name]);
  return count;
}

/** V8 says `at position 12`, in most of its messages. */
function placeIn(text: string, complaint: string): { line: number; column: number } | undefined {
  const position = /at position (\d+)/.exec(complaint)?.[1];
  if (position === undefined) return undefined;
  const before = text.slice(0, Number(position));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}
