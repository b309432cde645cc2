import { BUILT_IN } from '../catalog/built-in.ts';
import type { PluginCatalog, PluginKind } from '../config/plugin-catalog.ts';

/** The descriptor of a plug-in of that kind. */
export type PluginOf<Kind extends PluginKind> = Awaited<ReturnType<PluginCatalog[Kind][string]>>;

/**
 * Every plug-in there is: the built-in ones, and those that a config names, where one is given.
 * @throws ConfigError
 */
export async function knownPlugins(configPath: string | undefined): Promise<PluginCatalog> {
  if (configPath === undefined) return BUILT_IN;
  const { catalogOfFile } = await import('../config/catalog-of.ts');
  return catalogOfFile(BUILT_IN, configPath);
}
