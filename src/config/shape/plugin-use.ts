import type { ZodType } from 'zod';
import type { JsonObject } from '../../core/json.ts';
import { KIND_LABELS, type PluginKind } from '../plugin-catalog.ts';
import { INVALID, quoted } from './issue.ts';
import {
  countFields,
  type FieldTable,
  isMapping,
  type Mapping,
  type ObjectOf,
  readFields,
  refuseMapping,
} from './object.ts';
import { optionFields } from './option-fields.ts';
import { noteOptionIssues } from './option-issues.ts';
import type { Reading } from './reading.ts';
import { note, refuse, type Shape } from './shape.ts';

export interface ReadUse<Common> {
  readonly type: string;
  readonly common: Common;
  /** As the plug-in's own schema gave them, its defaults filled in. */
  readonly options: JsonObject;
}

/** The `type`, the fields that every plug-in of the kind has, and beside them the options of this one. */
export function pluginUse<F extends FieldTable>(kind: PluginKind, common: F): Shape<ReadUse<ObjectOf<F>>> {
  const taken = ['type', ...Object.keys(common)];
  return {
    schema: { $ref: `#/$defs/${KIND_LABELS[kind]}` },
    read: (value, reading) => {
      if (!isMapping(value)) return refuseMapping(value, reading);
      const fields = readFields(common, value, reading);
      const type = readType(kind, value['type'], reading);
      if (type === undefined) return INVALID;
      const bare = countFields(value) === fields.present + 1;
      const schema = reading.optionsOf(kind, type);
      const given = bare ? {} : withoutCommon(value, common, schema);
      const options = readOptions(given, schema, taken, reading);
      return fields.fields === INVALID ? INVALID : { type, common: fields.fields, options };
    },
  };
}

function readType(kind: PluginKind, type: unknown, reading: Reading): string | undefined {
  const label = KIND_LABELS[kind];
  const among = reading.types?.[kind];
  if (typeof type !== 'string') {
    const message = (type ?? null) === null ? `"type" of the ${label} is missing` : 'must be text';
    const at = type === undefined ? { at: 'key' as const } : { path: ['type'] };
    const expected = among === undefined ? {} : { expected: `one of ${among.join(', ')}` };
    refuse(reading, { message, ...expected, ...at });
    return undefined;
  }
  if (among !== undefined && !among.includes(type)) {
    const message = `there is no ${label} type ${quoted(type)}`;
    note(reading, { path: ['type'], message, misspelt: { name: type, among } });
  }
  return type;
}

/** The options; one that is known and left empty is left out, as everywhere. */
function withoutCommon(value: Mapping, common: FieldTable, schema: ZodType | undefined): Mapping {
  const options: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    if (name === 'type' || Object.hasOwn(common, name)) continue;
    const empty = value[name] === null && schema !== undefined && optionFields(schema, []).includes(name);
    if (!empty) options[name] = value[name];
  }
  return options;
}

function readOptions(
  options: Mapping,
  schema: ZodType | undefined,
  common: readonly string[],
  reading: Reading,
): JsonObject {
  // YAML and JSON give nothing but JSON.
  if (schema === undefined) return options as JsonObject;
  const outcome = schema.safeParse(options);
  if (outcome.success) return outcome.data as JsonObject;
  noteOptionIssues(outcome.error.issues, schema, options, common, reading);
  return options as JsonObject;
}
