import type { DefinedPlugin } from '../../plugin/define.ts';
import { KIND_LABELS, type PluginCatalog, type PluginKind } from '../plugin-catalog.ts';
import { adopted } from './adopted.ts';
import { pluginsIn } from './plugins-in.ts';

export interface ExtendedCatalog {
  readonly catalog: PluginCatalog;
  /** What keeps a module from being used, by its index in the list. */
  readonly faults: readonly { readonly index: number; readonly message: string }[];
}

type Added = Record<PluginKind, Record<string, () => Promise<unknown>>>;

/**
 * The catalogue with the plug-ins of the modules that a config names: packages, or paths from it. Their first lines run
 * here; schema and implementation are loaded when they are used, like those of ours.
 * @param file absolute path of the config
 */
export async function extendCatalog(
  catalog: PluginCatalog,
  modules: readonly string[],
  file: string,
): Promise<ExtendedCatalog> {
  const added: Added = { stores: {}, issuers: {}, checks: {}, reloads: {}, notifiers: {} };
  const faults: { index: number; message: string }[] = [];
  const found = await Promise.all(modules.map((name) => pluginsIn(name, file)));
  // In the order of the list, so that of two with one id the second is the mistake.
  for (const [index, plugins] of found.entries()) {
    const note = (message: string) => faults.push({ index, message });
    if ('fault' in plugins) note(plugins.fault);
    else for (const each of plugins.defined) addTo(added, catalog, each, modules[index] ?? '', note);
  }
  return { catalog: merged(catalog, added), faults };
}

function addTo(
  added: Added,
  builtIn: PluginCatalog,
  defined: DefinedPlugin,
  origin: string,
  note: (fault: string) => void,
): void {
  const { kind, plugin } = defined;
  const { id } = plugin;
  if (Object.hasOwn(builtIn[kind], id)) note(`its ${KIND_LABELS[kind]} ${id} has the name of a built-in one`);
  else if (Object.hasOwn(added[kind], id)) note(`its ${KIND_LABELS[kind]} ${id} is listed already`);
  else added[kind][id] = async () => adopted(defined, origin);
}

function merged(catalog: PluginCatalog, added: Added): PluginCatalog {
  const kinds = Object.keys(added) as PluginKind[];
  const entries = kinds.map((kind) => [kind, { ...catalog[kind], ...added[kind] }] as const);
  return Object.fromEntries(entries) as unknown as PluginCatalog;
}
