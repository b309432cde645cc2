import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fact, issuerFacts, storeFacts } from '../../src/app/catalog-facts.ts';
import { type ShownPlugin, showCatalogEntry } from '../../src/app/catalog-show.ts';
import { BUILT_IN } from '../../src/catalog/built-in.ts';
import { PLUGIN_KINDS, type PluginKind } from '../../src/config/plugin-catalog.ts';
import { PLUGIN_FIELDS } from '../../src/config/schema/plugin-fields.ts';
import { fieldsSchema } from '../../src/config/shape/object.ts';
import { code, table } from './markdown.ts';
import { optionTable } from './option-table.ts';
import { type Page, page } from './page.ts';
import { type Schema, schemaRows } from './schema-rows.ts';

const SOURCES = join(import.meta.dirname, '../../src');

/** One page for each plug-in there is, from its descriptor, its schema and its notes. */
export async function pluginPages(): Promise<Page[]> {
  const pages = PLUGIN_KINDS.map(async (kind) =>
    Promise.all(Object.keys(BUILT_IN[kind]).map(async (id) => pluginPage(kind, id))),
  );
  return (await Promise.all(pages)).flat();
}

async function pluginPage(kind: PluginKind, id: string): Promise<Page> {
  const plugin = await showCatalogEntry(BUILT_IN, kind, id);
  const notes = notesOf(kind, id);
  return page(`${kind}/${id}.md`, [
    `# ${notes.title}`,
    notes.introduction,
    `At the terminal: ${code(`keyturn ${kind} show ${id}`)}.`,
    ...slotBlocks(kind, plugin),
    ...factBlocks(factsOf(kind, plugin)),
    '## Options',
    optionTable(plugin.options) || 'It has none of its own.',
    `Beside them, as for every one of the ${kind}:`,
    optionTable(commonFields(kind)),
    notes.sections,
  ]);
}

function slotBlocks(kind: PluginKind, plugin: ShownPlugin<PluginKind>): string[] {
  if (kind !== 'stores') return [];
  const { ref, field } = (plugin as ShownPlugin<'stores'>).slot;
  const rows = [
    [code('ref'), ref],
    [code('field'), field],
  ];
  return ['## What a target means here', table(['In a target', 'Meaning'], rows)];
}

function factBlocks(facts: readonly Fact[]): string[] {
  return facts.length === 0 ? [] : ['## What it can do', table(['Capability', ''], facts)];
}

function factsOf(kind: PluginKind, plugin: ShownPlugin<PluginKind>): readonly Fact[] {
  if (kind === 'stores') return storeFacts(plugin as ShownPlugin<'stores'>);
  return kind === 'issuers' ? issuerFacts(plugin as ShownPlugin<'issuers'>) : [];
}

function commonFields(kind: PluginKind) {
  return schemaRows(fieldsSchema(PLUGIN_FIELDS[kind]) as Schema);
}

interface Notes {
  readonly title: string;
  /** What stands before the first heading. */
  readonly introduction: string;
  readonly sections: string;
}

/** The notes link to another plug-in as `ID.md`, whatever its kind. */
function notesOf(kind: PluginKind, id: string): Notes {
  const text = readFileSync(join(SOURCES, kind, id, 'notes.md'), 'utf8').replace(
    /\]\(([a-z0-9-]+)\.md/g,
    (_link, to: string) => `](${pathTo(to, kind)}`,
  );
  const [, title = id, introduction = '', sections = ''] =
    /^# (.+)\n([\s\S]*?)(?=^## |$(?![\s\S]))([\s\S]*)$/m.exec(text) ?? [];
  return { title, introduction, sections };
}

function pathTo(id: string, from: PluginKind): string {
  const kind = [from, ...PLUGIN_KINDS].find((candidate) => Object.hasOwn(BUILT_IN[candidate], id));
  return kind === undefined ? `${id}.md` : `../${kind}/${id}.md`;
}
