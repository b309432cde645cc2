import { dirname, resolve } from 'node:path';
import { assertFaultless } from './assert-faultless.ts';
import type { PluginCatalog } from './plugin-catalog.ts';
import type { RotationConfig } from './rotation-config.ts';
import { ROOT_DEFAULTS } from './schema/file-shapes.ts';
import { note } from './shape/shape.ts';
import { createNotebook, type Notebook } from './source/notebook.ts';
import { readSources, type Sources } from './source/read-sources.ts';

/** The built-in plug-ins and those that a config has brought when it was loaded. */
export async function catalogOf(
  builtIn: PluginCatalog,
  { plugins, path }: Pick<RotationConfig, 'plugins' | 'path'>,
): Promise<PluginCatalog> {
  if (plugins.length === 0) return builtIn;
  const { extendCatalog } = await import('./plugin-modules/extend-catalog.ts');
  return (await extendCatalog(builtIn, plugins, path)).catalog;
}

/**
 * The same of a config that is only being written: what its entries say is not looked at.
 * @throws ConfigError
 */
export async function catalogOfFile(builtIn: PluginCatalog, path: string): Promise<PluginCatalog> {
  const notebook = createNotebook();
  const { file, root } = await readSources(path, process.cwd(), notebook);
  const catalog = await withModules(builtIn, root.plugins ?? [], file, notebook);
  await assertFaultless(
    notebook,
    file.display,
    resolve(dirname(file.path), root.state ?? ROOT_DEFAULTS.state),
  );
  return catalog;
}

/** What is wrong with a module is noted where it is named. */
export async function withModules(
  builtIn: PluginCatalog,
  modules: readonly string[],
  file: Sources['file'],
  notebook: Notebook,
): Promise<PluginCatalog> {
  if (modules.length === 0) return builtIn;
  const { extendCatalog } = await import('./plugin-modules/extend-catalog.ts');
  const { catalog, faults } = await extendCatalog(builtIn, modules, file.path);
  for (const { index, message } of faults)
    notebook.within(file, (reading) => note(reading, { message }), 'plugins', index);
  return catalog;
}
