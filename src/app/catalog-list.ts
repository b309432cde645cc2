import type { PluginCatalog, PluginKind } from '../config/plugin-catalog.ts';
import type { PluginOf } from './known-plugins.ts';

/** What a list says of a plug-in: its descriptor without the parts that load code. */
export type ListedPlugin<Kind extends PluginKind> = Omit<PluginOf<Kind>, 'options' | 'open' | 'emulator'>;

/** Every plug-in of a kind, by id. Loads the descriptors and nothing behind them. */
export async function listCatalog<Kind extends PluginKind>(
  catalog: PluginCatalog,
  kind: Kind,
): Promise<ListedPlugin<Kind>[]> {
  const loaders = Object.values(catalog[kind]) as (() => Promise<PluginOf<Kind>>)[];
  return Promise.all(loaders.map(async (load) => describePlugin<Kind>(await load())));
}

export function describePlugin<Kind extends PluginKind>(plugin: PluginOf<Kind>): ListedPlugin<Kind> {
  const { options: _options, open: _open, emulator: _emulator, ...described } = plugin;
  return described;
}
