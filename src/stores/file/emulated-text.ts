import { stringify } from 'yaml';
import { indexOf } from './notation.ts';
import type { NotationName } from './notation-names.ts';

/** What the values of an emulated file are made into: lists and mappings of texts. */
export type EmulatedValue = string | EmulatedValue[] | { [name: string]: EmulatedValue };

/** The mapping with a value at a path; what the path needs on the way is made. */
export function withValue(
  root: EmulatedValue | undefined,
  [step, ...rest]: readonly string[],
  value: string,
): EmulatedValue {
  if (step === undefined) return value;
  const index = indexOf(step);
  if (index !== undefined && (root === undefined || Array.isArray(root))) {
    const list = Array.from({ length: Math.max(index + 1, root?.length ?? 0) }, (_, at) => root?.[at] ?? '');
    list[index] = withValue(root?.[index], rest, value);
    return list;
  }
  const known = typeof root === 'object' && !Array.isArray(root) ? root : {};
  return { ...known, [step]: withValue(known[step], rest, value) };
}

/** A file that holds the values, among what people and their editors leave there. */
export function emulatedText(name: NotationName, values: EmulatedValue): string {
  return WRITERS[name](values);
}

const WRITERS: Readonly<Record<NotationName, (values: EmulatedValue) => string>> = {
  // Neither the number nor the spaces would survive a parser and a printer.
  json: (values) =>
    `{ "beside it" :\t[1.50, 12345678901234567890, { "a": "\\u0041" } ],\r\n${JSON.stringify(values, null, 4).slice(1)}\n`,
  yaml: (values) =>
    [
      '\uFEFF# settings of a service; the team’s ☕ file',
      '"beside it": {number: 1.50, list: [ a, "b" ] ,} # by hand',
      'shared by two: &two   plain words',
      'the other: *two',
      'folded: >-',
      '  one line',
      '  of several',
      ...stringify(values).trimEnd().split('\n'),
      '# the end, without a line end',
    ].join('\r\n'),
  toml: (values) =>
    [
      '# settings of a service',
      ...entriesOf(values).map(([name, value]) => `${JSON.stringify(name)} = ${inline(value)} # by hand`),
      '',
      "[ 'beside it' ]   # a table of its own",
      'number = 1_000.50',
      'lines = """\\',
      '  one line   \\',
      '  of "several" """',
      '',
    ].join('\n'),
  ini: (values) => {
    const entries = entriesOf(values);
    const own = entries.filter(([, value]) => typeof value === 'string');
    const sections = entries.filter(([, value]) => typeof value !== 'string');
    return [
      '; settings of a service',
      ...own.map(([name, value]) => `${name}=${String(value)}`),
      '[beside it]',
      'quoted = "a ; b" ; by hand',
      'several lines =',
      '    one line',
      '    and = another',
      ...sections.flatMap(([name, value]) => [
        '',
        `[${name}]`,
        ...entriesOf(value).map(([key, text]) => `${key} = ${typeof text === 'string' ? text : ''}  `),
      ]),
    ].join('\r\n');
  },
};

function entriesOf(values: EmulatedValue): readonly [string, EmulatedValue][] {
  return typeof values === 'string' ? [] : Object.entries(values);
}

function inline(value: EmulatedValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([name, each]) => `${JSON.stringify(name)} = ${inline(each)}`)
    .join(', ')} }`;
}
