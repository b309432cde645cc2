import type { ZodType } from 'zod';

/** One option of a plug-in, for people: a nested one has a dotted name (`auth.role`). */
export interface OptionRow {
  readonly name: string;
  /** `string`, `integer`, `"a" | "b"`, `string[]` … */
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly description: string;
}

/** The part of JSON Schema that zod makes of our schemas. */
interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
}

/** The rows of an options schema, in its own order. A union of objects gives each name once. */
export async function describeOptions(schema: ZodType): Promise<OptionRow[]> {
  const { toJSONSchema } = await import('zod');
  const json = toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as JsonSchema;
  const rows = new Map<string, OptionRow>();
  for (const row of rowsOf(json, '')) if (!rows.has(row.name)) rows.set(row.name, row);
  return [...rows.values()];
}

function rowsOf(schema: JsonSchema, prefix: string): OptionRow[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const nested = rowsOf(property, `${path}.`);
    return [rowOf(path, property, schema.required?.includes(name) ?? false), ...nested];
  });
  return [...own, ...branchesOf(schema).flatMap((branch) => rowsOf(branch, prefix))];
}

function rowOf(name: string, schema: JsonSchema, required: boolean): OptionRow {
  return {
    name,
    type: typeName(schema),
    required: required && schema.default === undefined,
    ...(schema.default === undefined ? {} : { default: schema.default }),
    description: schema.description ?? '',
  };
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
}

function typeName(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.items !== undefined) return `${typeName(schema.items)}[]`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') {
    return `map of ${typeName(schema.additionalProperties)}`;
  }
  const branches = branchesOf(schema).map(typeName);
  return schema.type ?? ([...new Set(branches)].join(' | ') || 'any');
}
