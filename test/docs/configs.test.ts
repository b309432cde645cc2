import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CATALOG, type CatalogKind } from '../../src/app/catalog-kinds.ts';
import { catalog } from '../../src/app/compose.ts';
import { loadConfig } from '../../src/config/load-config.ts';
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
    await expect(loadConfig(path, { env: {}, catalog })).resolves.toBeDefined();
  });
});

/** The notes of issuers are held to their schemas by the conformance suite. */
const KINDS = ['stores', 'checks', 'reloads'] as const satisfies readonly CatalogKind[];

describe('an example in the notes of a plug-in is valid', () => {
  const plugins = KINDS.flatMap((kind) => Object.keys(CATALOG[kind]).map((id) => ({ kind, id })));

  test.each(plugins)('$kind/$id', async ({ kind, id }) => {
    const plugin = await CATALOG[kind][id]?.();
    const schema = await plugin?.options();
    const examples = examplesOf(kind, id);
    expect(examples).not.toEqual([]);
    for (const example of examples) expect(schema?.safeParse(optionsOf(kind, example)).error).toBeUndefined();
  });
});

type Mapping = Readonly<Record<string, unknown>>;

/** Every mapping in the YAML of the notes that says `type: ID`, where plug-ins of this kind stand. */
function examplesOf(kind: (typeof KINDS)[number], id: string): Mapping[] {
  const notes = readFileSync(join(ROOT, 'src', kind, id, 'notes.md'), 'utf8');
  return codeBlocks(notes, 'yaml').flatMap((yaml) =>
    usesIn(parse(yaml) as Mapping, kind).filter((use) => use['type'] === id),
  );
}

function usesIn(config: Mapping, kind: (typeof KINDS)[number]): Mapping[] {
  if (kind === 'stores') return Object.values((config['stores'] ?? {}) as Record<string, Mapping>);
  const services = Object.values((config['services'] ?? {}) as Record<string, Mapping>);
  return services.flatMap((service) =>
    kind === 'checks' ? ((service['checks'] ?? []) as Mapping[]) : [(service['reload'] ?? {}) as Mapping],
  );
}

/** Without what stands beside the options. */
function optionsOf(kind: CatalogKind, use: Mapping): Mapping {
  const common = new Set(['type', ...Object.keys(PLUGIN_FIELDS[kind])]);
  return Object.fromEntries(Object.entries(use).filter(([name]) => !common.has(name)));
}
