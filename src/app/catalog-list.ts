import { CATALOG, type CatalogKind, type PluginOf } from './catalog-kinds.ts';

/** What a list says of a plug-in: its descriptor without the parts that load code. */
export type ListedPlugin<Kind extends CatalogKind> = Omit<PluginOf<Kind>, 'options' | 'open' | 'emulator'>;

/** Every plug-in of a kind, by id. Loads the descriptors and nothing behind them. */
export async function listCatalog<Kind extends CatalogKind>(kind: Kind): Promise<ListedPlugin<Kind>[]> {
  const loaders = Object.values(CATALOG[kind]) as (() => Promise<PluginOf<Kind>>)[];
  return Promise.all(loaders.map(async (load) => describePlugin<Kind>(await load())));
}

export function describePlugin<Kind extends CatalogKind>(plugin: PluginOf<Kind>): ListedPlugin<Kind> {
  const { options: _options, open: _open, emulator: _emulator, ...described } = plugin;
  return described;
}
