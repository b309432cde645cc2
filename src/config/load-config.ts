import { dirname, resolve } from 'node:path';
import { assertFaultless } from './assert-faultless.ts';
import { withModules } from './catalog-of.ts';
import { findSlotConflicts } from './find-slot-conflicts.ts';
import { field, loadPlugins } from './load-plugins.ts';
import { type Entries, type Entry, mergeEntries } from './merge-entries.ts';
import type { PluginCatalog } from './plugin-catalog.ts';
import type { RotationConfig } from './rotation-config.ts';
import { ROOT_DEFAULTS, type Section } from './schema/file-shapes.ts';
import { KEY_SHAPE } from './schema/key-shape.ts';
import { NOTIFIER_SHAPE } from './schema/notifier-shape.ts';
import { serviceShape } from './schema/service-shape.ts';
import { STORE_SHAPE } from './schema/store-shape.ts';
import { INVALID } from './shape/issue.ts';
import type { Reading } from './shape/reading.ts';
import type { Shape } from './shape/shape.ts';
import { createNotebook, type Notebook } from './source/notebook.ts';
import { readSources, type Sources } from './source/read-sources.ts';

export interface LoadSettings {
  /** `KEYTURN_STATE` is looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly catalog: PluginCatalog;
  /** What `path` and the file names in messages are relative to; the working folder by default. */
  readonly cwd?: string;
}

/**
 * Reads a config and all it includes, checks everything, and fills in the defaults.
 * @throws ConfigError (CONFIG_INVALID) with every mistake of every file at once
 */
export async function loadConfig(path: string, settings: LoadSettings): Promise<RotationConfig> {
  const notebook = createNotebook();
  const sources = await readSources(path, settings.cwd ?? process.cwd(), notebook);
  const entries = mergeEntries(sources.contents, notebook);
  // What is wrong in the root is read as if it were left out, to look further; then it is refused.
  const { waves, state, sealing, plugins } = { ...ROOT_DEFAULTS, ...sources.root };
  const catalog = await withModules(settings.catalog, plugins, sources.file, notebook);
  const known = await knownFrom(entries, sources, catalog);
  // A type that is not known may be one of a module that could not be loaded.
  notebook.use(
    notebook.issues.some(({ path }) => path[0] === 'plugins') ? { ...known, types: undefined } : known,
  );

  const content = {
    stores: readSection(entries, 'stores', STORE_SHAPE, notebook),
    keys: readSection(entries, 'keys', KEY_SHAPE, notebook),
    services: readSection(entries, 'services', serviceShape(waves.at(-1) ?? ''), notebook),
    notifiers: readSection(entries, 'notifiers', NOTIFIER_SHAPE, notebook),
  };
  findSlotConflicts(content, entries, notebook);
  const { file } = sources;
  const baseDir = dirname(file.path);
  const stateDir = resolve(baseDir, settings.env['KEYTURN_STATE'] || state);
  await assertFaultless(notebook, file.display, stateDir);
  return {
    path: file.path,
    baseDir,
    stateDir,
    sealing,
    waves,
    plugins,
    ...content,
  };
}

async function knownFrom(
  entries: Entries,
  sources: Sources,
  catalog: PluginCatalog,
): Promise<Omit<Reading, 'issues'>> {
  // A name that is missing may stand in a part that could not be read.
  const namesOf = (section: Section): ReadonlySet<string> | undefined => {
    const complete = sources.contents.every(({ fields }) => fields[section] !== undefined);
    return complete ? new Set(entries[section].keys()) : undefined;
  };
  return {
    ...(await loadPlugins(entries, catalog)),
    names: {
      stores: namesOf('stores'),
      keys: namesOf('keys'),
      waves: sources.root.waves === undefined ? undefined : new Set(sources.root.waves),
    },
    issuerOf: (key) => {
      const type = field(field(entries.keys.get(key)?.value, 'issuer'), 'type');
      return typeof type === 'string' ? type : undefined;
    },
  };
}

function readSection<T>(
  entries: Entries,
  section: Section,
  shape: Shape<T>,
  notebook: Notebook,
): Readonly<Record<string, T>> {
  // Without a prototype: no name that somebody asks for later is found unless it is in the config.
  const result: Record<string, T> = Object.create(null);
  for (const [name, entry] of entries[section]) {
    const value = readEntry(entry, section, name, shape, notebook);
    if (value !== INVALID) result[name] = value;
  }
  return result;
}

function readEntry<T>(entry: Entry, section: Section, name: string, shape: Shape<T>, notebook: Notebook) {
  return notebook.within(entry.file, (reading) => shape.read(entry.value, reading), section, name);
}
