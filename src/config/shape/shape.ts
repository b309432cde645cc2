import type { JsonObject } from '../../core/json.ts';
import { INVALID, type Invalid, type Issue } from './issue.ts';
import type { Reading } from './reading.ts';

/**
 * What a part of the config looks like, told once: the reader, the defaults and the editor's JSON Schema all come
 * from here. Ten thousand services pass through it, so a right value costs no allocation beside the result: paths
 * are put together only for mistakes, from the inside out.
 */
export interface Shape<T> {
  /** JSON Schema, draft 2020-12. */
  readonly schema: JsonObject;
  /** What a field that is left out (or left empty: `checks:`) becomes. Without it, the field is required. */
  readonly absent?: { readonly value: T };
  /** The value with its defaults, or INVALID after at least one issue. */
  readonly read: (value: unknown, reading: Reading) => T | Invalid;
}

/** What a shape reads to. */
export type Read<S> = S extends Shape<infer T> ? T : never;

type NewIssue = Omit<Issue, 'path' | 'at'> & Partial<Issue>;

/** Notes a mistake at the value being read. The value may still be used to find more of them. */
export function note(reading: Reading, issue: NewIssue): void {
  reading.issues.push({ path: [], at: 'value', ...issue });
}

/** Notes a mistake that leaves nothing to read on with. */
export function refuse(reading: Reading, issue: NewIssue): Invalid {
  note(reading, issue);
  return INVALID;
}

/** Reads what lies one step further in, and tells its issues where they are. */
export function readInside<T>(
  shape: Shape<T>,
  value: unknown,
  step: string | number,
  reading: Reading,
): T | Invalid {
  const before = reading.issues.length;
  const result = shape.read(value, reading);
  if (reading.issues.length > before) prefixIssues(reading, before, step);
  return result;
}

export function prefixIssues(reading: Reading, from: number, ...steps: (string | number)[]): void {
  for (const issue of reading.issues.slice(from)) issue.path.unshift(...steps);
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return { ...shape, absent: { value: undefined } };
}

/** `written` is the default as a person would write it, for the schema. */
export function withDefault<T>(shape: Shape<T>, value: T, written: JsonObject[string] = undefined): Shape<T> {
  return {
    ...shape,
    schema: written === undefined ? shape.schema : { ...shape.schema, default: written },
    absent: { value },
  };
}

/** Checks or rewrites what was read as a whole. */
export function refined<T, R>(
  shape: Shape<T>,
  refine: (value: T, reading: Reading) => R | Invalid,
): Shape<R> {
  return {
    schema: shape.schema,
    read: (value, reading) => {
      const result = shape.read(value, reading);
      return result === INVALID ? INVALID : refine(result, reading);
    },
  };
}
