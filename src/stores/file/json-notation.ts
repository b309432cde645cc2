import { elementsOf, membersOf, type Span } from '../../lib/store/json-members.ts';
import { ABSENT, type Found, indexOf, malformed, type Notation, notText, occursTwice } from './notation.ts';

/** JSON as RFC 8259 has it: no comments, no trailing commas. A byte order mark in front is left alone. */
export const json: Notation = {
  parse: (text, subject) => {
    const root = rootOf(text);
    if (!isJson(text.slice(root.valueStart))) {
      throw malformed(subject, 'JSON', 'comments and trailing commas are not part of it');
    }
    const at = (steps: readonly string[]): Found => find(text, root, steps);
    return {
      at,
      beside: (steps) => {
        const found = at(steps);
        return found.kind === 'text' ? `${text.slice(0, found.start)}\0${text.slice(found.end)}` : text;
      },
    };
  },
};

function find(text: string, root: Span, steps: readonly string[]): Found {
  let place = root;
  for (const step of steps) {
    const inside = childrenOf(text, place, step);
    const [child, other] = inside;
    if (child === undefined) return ABSENT;
    if (other !== undefined) return occursTwice(inside.length);
    place = child;
  }
  const value = JSON.parse(text.slice(place.valueStart, place.valueEnd)) as unknown;
  if (typeof value !== 'string') return notText(kindOf(value));
  return {
    kind: 'text',
    value,
    start: place.valueStart,
    end: place.valueEnd,
    spell: (next) => [JSON.stringify(next)],
  };
}

/** What a step leads to from a place; more than one where a name is repeated. */
function childrenOf(text: string, place: Span, step: string): readonly Span[] {
  const own = text.slice(place.valueStart, place.valueEnd);
  const shifted = ({ valueStart, valueEnd }: Span): Span => ({
    valueStart: place.valueStart + valueStart,
    valueEnd: place.valueStart + valueEnd,
  });
  if (own.startsWith('{')) {
    return membersOf(own)
      .filter(({ name }) => name === step)
      .map(shifted);
  }
  const element = own.startsWith('[') ? elementsOf(own)[indexOf(step) ?? -1] : undefined;
  return element === undefined ? [] : [shifted(element)];
}

function rootOf(text: string): Span {
  const valueStart = text.length - text.replace(/^\uFEFF?[ \t\r\n]*/, '').length;
  return { valueStart, valueEnd: valueStart + text.slice(valueStart).trimEnd().length };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return false;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
