import { stepsOf } from '../json-path.ts';
import type { Expectation } from './probe-options.ts';

/**
 * A body that meets an expectation without placeholders: what an emulator answers with. `marks` are further values, by
 * their paths.
 */
export function sampleBody(expected: Expectation, marks: Readonly<Record<string, unknown>> = {}): string {
  const { jsonPath, equals, exists, bodyContains } = expected;
  if (jsonPath === undefined && Object.keys(marks).length === 0) return bodyContains ?? '{}';
  const leaf = equals === undefined ? 'sample' : equals;
  const wanted = jsonPath === undefined || exists === false ? {} : { [jsonPath]: leaf };
  const document = Object.entries({ ...wanted, ...marks }).reduce<unknown>(
    (body, [path, value]) => withValueAt(body, stepsOf(path), value),
    { note: bodyContains },
  );
  return JSON.stringify(document);
}

/** A number is the place in a list; the places before it stay empty. */
function withValueAt(inside: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  const isPlace = /^\d{1,3}$/.test(step);
  const existing = typeof inside === 'object' && inside !== null ? inside : {};
  const inner = withValueAt((existing as Record<string, unknown>)[step], rest, value);
  return Object.assign(isPlace ? Object.values(existing) : { ...existing }, { [step]: inner });
}
