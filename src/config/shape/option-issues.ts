import type { ZodError, ZodType } from 'zod';
import { kindOf, quoted } from './issue.ts';
import { noteUnknownField } from './object.ts';
import { optionChoices, optionFields } from './option-fields.ts';
import type { Reading } from './reading.ts';
import { note } from './shape.ts';

type ZodIssue = ZodError['issues'][number];
type Steps = (string | number)[];

/** What zod calls a type, in our words. */
const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/**
 * Turns what a plug-in's schema found into our issues. Values are never repeated: zod's own messages do not, and
 * names of fields are shown only when they look like names.
 */
export function noteOptionIssues(
  issues: readonly ZodIssue[],
  schema: ZodType,
  options: unknown,
  common: readonly string[],
  reading: Reading,
): void {
  for (const issue of issues) {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    const value = valueAt(options, path);
    if (issue.code === 'unrecognized_keys') {
      const among = [...(path.length === 0 ? common : []), ...optionFields(schema, path)];
      for (const name of issue.keys) noteUnknownField(name, among, reading, path);
    } else if (value === undefined && path.length > 0) {
      noteMissing(path, schema, reading);
    } else if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const nested = nearestBranch(issue.errors).map((each) => ({
        ...each,
        path: [...issue.path, ...each.path],
      }));
      noteOptionIssues(nested, schema, options, common, reading);
    } else {
      noteValue(issue, path, value, schema, reading);
    }
  }
}

function noteMissing(path: Steps, schema: ZodType, reading: Reading): void {
  const choices = optionChoices(schema, path);
  const expected = choices.length === 0 ? {} : { expected: `one of ${choices.join(', ')}` };
  note(reading, {
    path: path.slice(0, -1),
    at: 'key',
    message: `${quoted(String(path.at(-1)))} is missing`,
    ...expected,
  });
}

function noteValue(issue: ZodIssue, path: Steps, value: unknown, schema: ZodType, reading: Reading): void {
  const choices =
    issue.code === 'invalid_value' || issue.code === 'invalid_union' ? optionChoices(schema, path) : [];
  if (choices.length > 0) {
    const expected = `one of ${choices.join(', ')}`;
    const misspelt = typeof value === 'string' ? { misspelt: { name: value, among: choices } } : {};
    note(reading, { path, message: `must be ${expected}`, expected, ...misspelt });
  } else if (issue.code === 'invalid_type') {
    const expected = EXPECTED[issue.expected] ?? issue.expected;
    note(reading, { path, message: `must be ${expected}, not ${kindOf(value)}`, expected });
  } else {
    note(reading, { path, message: inOurStyle(issue.message) });
  }
}

/** The branch that was meant, of one or more: the one that was understood furthest, then the one with the fewest mistakes. */
function nearestBranch(branches: readonly (readonly ZodIssue[])[]): readonly ZodIssue[] {
  const depth = (issues: readonly ZodIssue[]): number =>
    Math.max(0, ...issues.map((issue) => issue.path.length));
  return branches.reduce((best, next) =>
    (depth(next) - depth(best) || best.length - next.length) > 0 ? next : best,
  );
}

function inOurStyle(message: string): string {
  const text = message.replace(/^Invalid input: /, '').replace(/^Invalid /, 'is not a valid ');
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function valueAt(value: unknown, path: Steps): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[step] : undefined,
    value,
  );
}
