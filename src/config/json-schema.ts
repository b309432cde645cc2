import type { ZodType } from 'zod';
import type { JsonObject } from '../core/json.ts';
import {
  KIND_LABELS,
  PLUGIN_KINDS,
  type PluginCatalog,
  type PluginKind,
  pluginsOf,
} from './plugin-catalog.ts';
import { ROOT_FIELDS } from './schema/file-shapes.ts';
import { KEY_SHAPE } from './schema/key-shape.ts';
import { PLUGIN_FIELDS } from './schema/plugin-fields.ts';
import { serviceShape } from './schema/service-shape.ts';
import { name } from './shape/names.ts';
import { fieldsSchema } from './shape/object.ts';

/** `owner` keeps the definitions of one plug-in apart from those of another. */
type ToJsonSchema = (schema: ZodType, owner: string) => JsonObject;

/**
 * The JSON Schema (draft 2020-12) by which an editor completes and explains `rotation.config.yaml`, with the options
 * of every plug-in. Included files are described by it too; that is why `version` is not required here.
 */
export async function buildJsonSchema(catalog: PluginCatalog): Promise<JsonObject> {
  const { z } = await import('zod');
  const definitions: Record<string, JsonObject[string]> = {};
  // A schema that refers to itself brings definitions, and a reference is resolved from the top of the file.
  const toJsonSchema: ToJsonSchema = (schema, owner) => {
    const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    const whole = JSON.parse(text.replaceAll('"#/$defs/', `"#/$defs/${owner}.`)) as JsonObject;
    const { $schema: _draft, $defs, ...options } = whole;
    for (const [each, definition] of Object.entries($defs ?? {}))
      definitions[`${owner}.${each}`] = definition;
    return options;
  };
  const uses = PLUGIN_KINDS.map(
    async (kind) => [KIND_LABELS[kind], await useSchema(kind, catalog, toJsonSchema)] as const,
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'keyturn configuration',
    description: 'What keyturn rotates, and where it lives.',
    type: 'object',
    properties: fieldsSchema(ROOT_FIELDS).properties,
    additionalProperties: false,
    $defs: {
      name: name('A name: letters, digits, dots, dashes and underscores.').schema,
      ...Object.fromEntries(await Promise.all(uses)),
      keyEntry: KEY_SHAPE.schema,
      service: serviceShape('').schema,
      // In their own order, and not in the one in which the plug-ins happened to be loaded.
      ...Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

/** `if type is X, then these options`: editors report a mistake in X's options, where `oneOf` would list every plug-in. */
async function useSchema(
  kind: PluginKind,
  catalog: PluginCatalog,
  toJsonSchema: ToJsonSchema,
): Promise<JsonObject> {
  const label = KIND_LABELS[kind];
  const plugins = [...pluginsOf(catalog, kind)].sort(([a], [b]) => (a < b ? -1 : 1));
  const ids = plugins.map(([id]) => id);
  const branches = plugins.map(async ([id, load]): Promise<JsonObject> => {
    const plugin = await load();
    const options = toJsonSchema(await plugin.options(), `${label}.${id}`);
    return {
      if: { properties: { type: { const: id } }, required: ['type'] },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: { ...withCommonFields(options, kind), title: plugin.title, description: plugin.summary },
    };
  });
  return {
    type: 'object',
    properties: { type: { enum: ids, description: `Which kind of ${label} it is.` } },
    required: ['type'],
    allOf: await Promise.all(branches),
  };
}

/** A strict schema refuses what it does not list, so the fields that stand beside the options are listed in it. */
function withCommonFields(options: JsonObject, kind: PluginKind): JsonObject {
  for (const choice of ['anyOf', 'oneOf', 'allOf'] as const) {
    const branches = options[choice];
    if (Array.isArray(branches)) {
      return { ...options, [choice]: branches.map((branch: JsonObject) => withCommonFields(branch, kind)) };
    }
  }
  const common = fieldsSchema(PLUGIN_FIELDS[kind]).properties;
  const own = options['properties'] as JsonObject | undefined;
  return { ...options, properties: { type: {}, ...common, ...own } };
}
