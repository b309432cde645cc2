import type { ZodType } from 'zod';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { DefinedPlugin } from '../../plugin/define.ts';
import { KIND_LABELS, type PluginKind } from '../plugin-catalog.ts';
import { PLUGIN_FIELDS } from '../schema/plugin-fields.ts';
import { optionFields } from '../shape/option-fields.ts';
import { contained } from './contained.ts';

type Open = (options: never, context: OpenContext) => object | Promise<object>;

/** A descriptor of somebody else's, whose schema is looked at and whose implementation is contained. */
export function adopted({ kind, plugin }: DefinedPlugin, origin: string): DefinedPlugin['plugin'] {
  const open = async (): Promise<Open> => {
    const theirs: Open = await plugin.open();
    return async (options, context) =>
      contained(await theirs(options, context), { kind, origin, subject: context.name });
  };
  const options = async (): Promise<ZodType> => {
    const schema = await given(plugin.options);
    const fault = schemaFault(schema, kind);
    if (fault === undefined) return schema as ZodType;
    throw new RotationError('CONFIG_INVALID', { subject: `the plug-in ${origin}`, reason: fault });
  };
  return { ...plugin, options, open } as DefinedPlugin['plugin'];
}

/** Whatever it throws is an answer too. */
async function given(options: () => Promise<unknown>): Promise<unknown> {
  try {
    return await options();
  } catch (error) {
    return error;
  }
}

function schemaFault(schema: unknown, kind: PluginKind): string | undefined {
  if (schema instanceof Error) return `its options cannot be loaded: ${schema.message.slice(0, 300)}`;
  if (typeof schema !== 'object' || schema === null || !('_zod' in schema))
    return 'its options are no schema of zod 4';
  const taken = ['type', ...Object.keys(PLUGIN_FIELDS[kind])];
  const clash = optionFields(schema as ZodType, []).find((name) => taken.includes(name));
  return clash === undefined
    ? undefined
    : `its option ${clash} has the name of one that every ${KIND_LABELS[kind]} has`;
}
