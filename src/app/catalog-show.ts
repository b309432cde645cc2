import { KIND_LABELS } from '../config/plugin-catalog.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import { CATALOG, type CatalogKind, type PluginOf } from './catalog-kinds.ts';
import { describePlugin, type ListedPlugin } from './catalog-list.ts';
import { describeOptions, type OptionRow } from './catalog-options.ts';

/** A plug-in with everything `show` tells of it. */
export type ShownPlugin<Kind extends CatalogKind> = ListedPlugin<Kind> & {
  readonly options: readonly OptionRow[];
};

/**
 * One plug-in in full; loads its schema, but not its implementation.
 * @throws RotationError NOT_FOUND, with the nearest id
 */
export async function showCatalogEntry<Kind extends CatalogKind>(
  kind: Kind,
  id: string,
): Promise<ShownPlugin<Kind>> {
  const load = Object.hasOwn(CATALOG[kind], id) ? CATALOG[kind][id] : undefined;
  if (load === undefined) throw await unknownId(kind, id);
  const plugin = (await load()) as PluginOf<Kind>;
  return { ...describePlugin<Kind>(plugin), options: await describeOptions(await plugin.options()) };
}

async function unknownId(kind: CatalogKind, id: string): Promise<RotationError> {
  const { closest } = await import('fastest-levenshtein');
  const nearest = closest(id, Object.keys(CATALOG[kind]));
  const hint = `Did you mean ${nearest}? Run \`keyturn ${kind} list\` to see them all.`;
  return new RotationError('NOT_FOUND', { subject: `${KIND_LABELS[kind]} ${id}`, hint });
}
