import { BUILT_IN } from '../catalog/built-in.ts';
import { KIND_LABELS, type PluginCatalog, type PluginKind } from '../config/plugin-catalog.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import { describePlugin, type ListedPlugin } from './catalog-list.ts';
import { describeOptions, type OptionRow } from './catalog-options.ts';
import type { PluginOf } from './known-plugins.ts';

/** A plug-in with everything `show` tells of it. */
export type ShownPlugin<Kind extends PluginKind> = ListedPlugin<Kind> & {
  readonly options: readonly OptionRow[];
  /** What stands beside its options, as beside those of every plug-in of its kind: `timeout`. */
  readonly beside: readonly string[];
  /** What its notes say could not be verified of its system; of plug-ins by others nothing is known. */
  readonly unverified: readonly string[];
};

/**
 * One plug-in in full; loads its schema, but not its implementation.
 * @throws RotationError NOT_FOUND, with the nearest id
 */
export async function showCatalogEntry<Kind extends PluginKind>(
  catalog: PluginCatalog,
  kind: Kind,
  id: string,
): Promise<ShownPlugin<Kind>> {
  const load = Object.hasOwn(catalog[kind], id) ? catalog[kind][id] : undefined;
  if (load === undefined) throw await unknownId(catalog, kind, id);
  const plugin = (await load()) as PluginOf<Kind>;
  const { PLUGIN_FIELDS } = await import('../config/schema/plugin-fields.ts');
  const { unverified } = await import('../catalog/unverified.gen.ts');
  return {
    ...describePlugin<Kind>(plugin),
    options: await describeOptions(await plugin.options()),
    beside: Object.keys(PLUGIN_FIELDS[kind]),
    unverified: (load === BUILT_IN[kind][id] && unverified[kind]?.[id]) || [],
  };
}

async function unknownId(catalog: PluginCatalog, kind: PluginKind, id: string): Promise<RotationError> {
  const { closest } = await import('fastest-levenshtein');
  const nearest = closest(id, Object.keys(catalog[kind]));
  const hint = `Did you mean ${nearest}? Run \`keyturn ${kind} list\` to see them all; plug-ins by others need \`--config PATH\`.`;
  return new RotationError('NOT_FOUND', { subject: `${KIND_LABELS[kind]} ${id}`, hint });
}
