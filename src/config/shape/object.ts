import { INVALID, type Invalid, kindOf, quoted } from './issue.ts';
import type { Reading } from './reading.ts';
import { note, type Read, readInside, refuse, type Shape } from './shape.ts';

export type FieldTable = Readonly<Record<string, Shape<unknown>>>;
export type ObjectOf<F extends FieldTable> = { readonly [K in keyof F]: Read<F[K]> };
export type Mapping = Readonly<Record<string, unknown>>;

/** A mapping with these fields and no others. */
export function object<F extends FieldTable>(fields: F, description: string): Shape<ObjectOf<F>> {
  return {
    schema: { type: 'object', description, ...fieldsSchema(fields), additionalProperties: false },
    read: (value, reading) => {
      if (!isMapping(value)) return refuseMapping(value, reading);
      const result = readFields(fields, value, reading);
      if (result.present < countFields(value)) noteUnknownFields(value, fields, reading);
      return result.fields;
    },
  };
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function refuseMapping(value: unknown, reading: Reading): Invalid {
  return refuse(reading, {
    message: `must be a mapping, not ${kindOf(value)}`,
    expected: 'a mapping',
    at: 'key',
  });
}

export interface ReadFields<F extends FieldTable> {
  readonly fields: ObjectOf<F> | Invalid;
  /** Those that could be read. */
  readonly valid: Partial<ObjectOf<F>>;
  /** How many of the table's fields are there, so that the caller can tell whether others are. */
  readonly present: number;
}

export function readFields<F extends FieldTable>(fields: F, value: Mapping, reading: Reading): ReadFields<F> {
  const result: Record<string, unknown> = {};
  let present = 0;
  let valid = true;
  for (const name in fields) {
    const shape = fields[name] as Shape<unknown>;
    const given = value[name];
    if (given !== undefined) present += 1;
    const field =
      given === undefined || given === null
        ? absentField(shape, name, reading)
        : readInside(shape, given, name, reading);
    if (field === INVALID) valid = false;
    else result[name] = field;
  }
  const read = result as ObjectOf<F>;
  return { fields: valid ? read : INVALID, valid: read, present };
}

function absentField(shape: Shape<unknown>, name: string, reading: Reading): unknown {
  if (shape.absent !== undefined) return shape.absent.value;
  const description = shape.schema['description'];
  const expected = typeof description === 'string' ? { expected: `${name}: ${description}` } : {};
  return refuse(reading, { at: 'key', message: `${quoted(name)} is missing`, ...expected });
}

/** What can be read of a mapping although some of its fields are wrong, so that mistakes further in are found too. */
export function readPartly<F extends FieldTable>(
  fields: F,
  value: unknown,
  reading: Reading,
): Partial<ObjectOf<F>> {
  if (!isMapping(value)) {
    refuseMapping(value, reading);
    return {};
  }
  const { valid, present } = readFields(fields, value, reading);
  if (present < countFields(value)) noteUnknownFields(value, fields, reading);
  return valid;
}

function noteUnknownFields(value: Mapping, fields: FieldTable, reading: Reading): void {
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name)) noteUnknownField(name, Object.keys(fields), reading);
  }
}

export function noteUnknownField(
  name: string,
  among: readonly string[],
  reading: Reading,
  inside: (string | number)[] = [],
): void {
  note(reading, {
    path: [...inside, name],
    at: 'key',
    message: `unknown field ${quoted(name)}`,
    misspelt: { name, among },
  });
}

export function countFields(value: Mapping): number {
  let count = 0;
  for (const _name in value) count += 1;
  return count;
}

export function fieldsSchema(fields: FieldTable): {
  properties: Record<string, Shape<unknown>['schema']>;
  required?: string[];
} {
  const required = Object.keys(fields).filter((name) => fields[name]?.absent === undefined);
  const properties = Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, shape.schema]));
  return required.length === 0 ? { properties } : { properties, required };
}
