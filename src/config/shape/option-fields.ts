import type { ZodType } from 'zod';

/** The part of zod's definitions that names fields: enough to say which names would have been right. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, ZodType>>;
  readonly catchall?: ZodType;
  readonly innerType?: ZodType;
  readonly in?: ZodType;
  readonly options?: readonly ZodType[];
  readonly element?: ZodType;
  readonly valueType?: ZodType;
  /** Of a literal. */
  readonly values?: readonly unknown[];
  /** Of an enum. */
  readonly entries?: Readonly<Record<string, unknown>>;
}

/** Names of the fields that a plug-in's schema knows at a path, in every branch that leads there. */
export function optionFields(schema: ZodType, path: readonly PropertyKey[]): string[] {
  return schemasAt(schema, path).flatMap((each) => Object.keys(definition(each).shape ?? {}));
}

/** The texts that a plug-in's schema allows at a path: `api-key` and `jwt` for the method of an `auth`. */
export function optionChoices(schema: ZodType, path: readonly PropertyKey[]): string[] {
  const values = schemasAt(schema, path).flatMap((each) => {
    const { values: literals, entries } = definition(each);
    return literals ?? Object.values(entries ?? {});
  });
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

function schemasAt(schema: ZodType, path: readonly PropertyKey[]): ZodType[] {
  return path.reduce<ZodType[]>(
    (schemas, step) => schemas.flatMap((each) => inside(each, step)),
    branches(schema),
  );
}

function inside(schema: ZodType, step: PropertyKey): ZodType[] {
  const { shape, catchall, element, valueType } = definition(schema);
  const next = shape?.[String(step)] ?? catchall ?? element ?? valueType;
  return next === undefined ? [] : branches(next);
}

/** The schema itself, behind everything that is wrapped around it. */
function branches(schema: ZodType): ZodType[] {
  const { innerType, in: input, options } = definition(schema);
  const wrapped = innerType ?? input;
  if (wrapped !== undefined) return branches(wrapped);
  return options === undefined ? [schema] : options.flatMap(branches);
}

function definition(schema: ZodType): Definition {
  return schema.def as unknown as Definition;
}
