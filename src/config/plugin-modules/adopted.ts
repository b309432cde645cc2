import type { ZodType } from 'zod';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { DefinedPlugin } from '../../plugin/define.ts';
import { KIND_LABELS, type PluginKind } from '../plugin-catalog.ts';
import { PLUGIN_FIELDS } from '../schema/plugin-fields.ts';
import { optionFields } from '../shape/option-fields.ts';
import { type Call, contained, typed } from './contained.ts';
import { asTheirs } from './their-output.ts';
import { theirWords } from './their-words.ts';

type Open = (options: never, context: OpenContext) => object | Promise<object>;

/** A descriptor of somebody else's, whose schema is looked at and whose implementation is contained. */
export function adopted({ kind, plugin }: DefinedPlugin, origin: string): DefinedPlugin['plugin'] {
  const at = { kind, origin, name: 'open', nature: 'look' } as const;
  const open = async (): Promise<Open> => {
    const theirs = await opening<Open>(async () => plugin.open(), {
      ...at,
      subject: `the plug-in ${origin}`,
    });
    return async (options, context) => {
      const opened = await opening(() => theirs(options, context), { ...at, subject: context.name });
      return contained(opened, { kind, origin, subject: context.name });
    };
  };
  const options = async (): Promise<ZodType> => {
    const schema = await given(() => plugin.options());
    const fault = schemaFault(schema, kind);
    if (fault === undefined) return schema as ZodType;
    throw new RotationError('CONFIG_INVALID', { subject: `the plug-in ${origin}`, reason: fault });
  };
  return { ...plugin, options, open } as DefinedPlugin['plugin'];
}

/** @throws RotationError of theirs, or INTERNAL with the name of the plug-in for whatever else goes wrong in there */
async function opening<Answer>(work: () => Answer | Promise<Answer>, call: Call): Promise<Answer> {
  try {
    return await asTheirs(work);
  } catch (error) {
    throw typed(call, error);
  }
}

/** Whatever it throws is an answer too. */
async function given(options: () => Promise<unknown>): Promise<unknown> {
  try {
    return await asTheirs(options);
  } catch (error) {
    return { reason: theirWords(error) };
  }
}

const NO_SCHEMA = 'its options are no schema of zod 4';

function schemaFault(schema: unknown, kind: PluginKind): string | undefined {
  if (typeof schema !== 'object' || schema === null) return NO_SCHEMA;
  if ('reason' in schema) return `its options cannot be loaded: ${schema.reason}`;
  if (!('_zod' in schema)) return NO_SCHEMA;
  const taken = ['type', ...Object.keys(PLUGIN_FIELDS[kind])];
  const clash = optionFields(schema as ZodType, []).find((name) => taken.includes(name));
  return clash === undefined
    ? undefined
    : `its option ${clash} has the name of one that every ${KIND_LABELS[kind]} has`;
}
