import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BUILT_IN } from '../../src/catalog/built-in.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { PLUGIN_KINDS, type PluginKind } from '../../src/config/plugin-catalog.ts';
import { PLUGIN_FIELDS } from '../../src/config/schema/plugin-fields.ts';
import { codeBlocks, ROOT, writtenFiles } from './markdown-files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyturn-docs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a whole config in a document is valid', () => {
  const configs = writtenFiles().flatMap(({ path, text }) =>
    codeBlocks(text, 'yaml').map((yaml, index) => ({ place: `${path} (${index + 1})`, yaml })),
  );

  test.each(configs)('$place', async ({ yaml }) => {
    const path = join(folder, 'rotation.config.yaml');
    writeFileSync(path, yaml);
    await expect(loadConfig(path, { env: {}, catalog: BUILT_IN })).resolves.toBeDefined();
  });
});

describe('an example in the notes of a plug-in is valid', () => {
  const plugins = PLUGIN_KINDS.flatMap((kind) => Object.keys(BUILT_IN[kind]).map((id) => ({ kind, id })));

  test.each(plugins)('$kind/$id', async ({ kind, id }) => {
    const plugin = await BUILT_IN[kind][id]?.();
    const schema = await plugin?.options();
    const examples = examplesOf(kind, id);
    expect(examples).not.toEqual([]);
    for (const example of examples) expect(schema?.safeParse(optionsOf(kind, example)).error).toBeUndefined();
  });
});

type Mapping = Readonly<Record<string, unknown>>;

/** Every mapping in the YAML of the notes that says `type: ID`, where plug-ins of this kind stand. */
function examplesOf(kind: PluginKind, id: string): Mapping[] {
  const notes = readFileSync(join(ROOT, 'src', kind, id, 'notes.md'), 'utf8');
  return codeBlocks(notes, 'yaml').flatMap((yaml) =>
    usesIn(parse(yaml, { logLevel: 'error' }) as Mapping, kind).filter((use) => use['type'] === id),
  );
}

function usesIn(config: Mapping, kind: PluginKind): Mapping[] {
  const entries = (section: string): Mapping[] =>
    Object.values((config[section] ?? {}) as Record<string, Mapping>);
  if (kind === 'stores' || kind === 'notifiers') return entries(kind);
  if (kind === 'issuers') return entries('keys').map((key) => (key['issuer'] ?? {}) as Mapping);
  return entries('services').flatMap((service) =>
    kind === 'checks' ? ((service['checks'] ?? []) as Mapping[]) : [(service['reload'] ?? {}) as Mapping],
  );
}

/** Without what stands beside the options. */
function optionsOf(kind: PluginKind, use: Mapping): Mapping {
  const common = new Set(['type', ...Object.keys(PLUGIN_FIELDS[kind])]);
  return Object.fromEntries(Object.entries(use).filter(([name]) => !common.has(name)));
}
