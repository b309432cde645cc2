import type { OptionRow } from '../../src/app/catalog-options.ts';

/** The part of JSON Schema that the config's schema is made of. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly $ref?: string;
}

/** Every field of an object, nested ones with dotted names. Those in `elsewhere` have a section of their own. */
export function schemaRows(schema: Schema, elsewhere: readonly string[] = [], prefix = ''): OptionRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const row: OptionRow = {
      name: path,
      type: typeOf(property),
      required: schema.required?.includes(name) ?? false,
      ...(property.default === undefined ? {} : { default: property.default }),
      description: property.description ?? '',
    };
    return elsewhere.includes(path) ? [row] : [row, ...schemaRows(property, elsewhere, `${path}.`)];
  });
}

/** What may be written there, in one or two words. */
function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (schema.pattern?.startsWith('^(\\d') === true) return 'duration';
  if (schema.pattern?.startsWith('^(env:') === true) return 'reference';
  if (typeof schema.additionalProperties === 'object') return `map of ${typeOf(schema.additionalProperties)}`;
  return schema.type === 'object' ? 'mapping' : (schema.type ?? 'any');
}
