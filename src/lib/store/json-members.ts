/** Where a value stands in the text of what it is part of. */
export interface Span {
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** A member of a JSON object. */
export interface Member extends Span {
  readonly name: string;
  /** Of the name, quotes included. */
  readonly nameStart: number;
  readonly nameEnd: number;
}

/** The members at the top of what is known to be a JSON object, in order. */
export function membersOf(text: string): readonly Member[] {
  const members: Member[] = [];
  let position = skipSpace(text, text.indexOf('{') + 1);
  // Each token is where the grammar says.
  while (text[position] === '"') {
    const nameStart = position;
    const nameEnd = endOfString(text, nameStart);
    const valueStart = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    members.push({
      name: JSON.parse(text.slice(nameStart, nameEnd)) as string,
      nameStart,
      nameEnd,
      valueStart,
      valueEnd,
    });
    const after = skipSpace(text, valueEnd);
    position = text[after] === ',' ? skipSpace(text, after + 1) : after;
  }
  return members;
}

/** The elements of what is known to be a JSON array, in order. */
export function elementsOf(text: string): readonly Span[] {
  const elements: Span[] = [];
  let position = skipSpace(text, text.indexOf('[') + 1);
  while (position < text.length && text[position] !== ']') {
    const valueEnd = endOfValue(text, position);
    elements.push({ valueStart: position, valueEnd });
    const after = skipSpace(text, valueEnd);
    position = text[after] === ',' ? skipSpace(text, after + 1) : after;
  }
  return elements;
}

export function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function skipSpace(text: string, from: number): number {
  return endOf(/[ \t\r\n]*/y, text, from);
}

function endOfString(text: string, from: number): number {
  return endOf(/"(?:[^"\\]|\\.)*"/y, text, from);
}

function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  if (first !== '{' && first !== '[') return endOf(/[^ \t\r\n,}\]]+/y, text, from);
  let depth = 0;
  let position = from;
  do {
    const character = text[position];
    if (character === '"') {
      position = endOfString(text, position);
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    position += 1;
  } while (depth > 0);
  return position;
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}
