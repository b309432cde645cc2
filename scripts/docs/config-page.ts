import { BUILT_IN } from '../../src/catalog/built-in.ts';
import { buildJsonSchema } from '../../src/config/json-schema.ts';
import type { PluginKind } from '../../src/config/plugin-catalog.ts';
import { PLUGIN_FIELDS } from '../../src/config/schema/plugin-fields.ts';
import { fieldsSchema } from '../../src/config/shape/object.ts';
import { code } from './markdown.ts';
import { optionTable } from './option-table.ts';
import { type Page, page } from './page.ts';
import { type Schema, schemaRows } from './schema-rows.ts';

interface RootSchema extends Schema {
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** Every field of `rotation.config.yaml`, from the schema that editors use. */
export async function configPage(): Promise<Page> {
  const root = (await buildJsonSchema(BUILT_IN)) as RootSchema;
  const key = root.$defs?.['keyEntry'] ?? {};
  const service = root.$defs?.['service'] ?? {};
  const target = key.properties?.['targets']?.items ?? {};
  const policy = key.properties?.['policy'] ?? {};
  const use = service.properties?.['uses']?.items ?? {};
  return page('config.md', [
    '# rotation.config.yaml',
    'Read from the working folder, or from `--config PATH` (`KEYTURN_CONFIG`). Paths in it are relative to its own folder.\nA field that is not listed here is refused, with file, line and the nearest name. `keyturn schema` prints the same as a\nJSON Schema, for editors.',
    '## Top level',
    optionTable(schemaRows(root).map((row) => (row.name === 'version' ? { ...row, required: true } : row))),
    'An included file has `stores`, `keys`, `services` and `notifiers`; the other fields belong to the root file.',
    '## A store',
    pluginFields('stores'),
    '## A key',
    optionTable(schemaRows(key, ['targets', 'policy'])),
    '### Its issuer',
    pluginFields('issuers'),
    '### Its policy',
    policy.description ?? '',
    optionTable(schemaRows(policy)),
    '### A target',
    `${target.description ?? ''} Stands under ${code('targets')} of a key and under ${code('from')} of a service. A slot that is named more than once is one target: it is written once.`,
    optionTable(schemaRows(target)),
    '## A service',
    optionTable(schemaRows(service, ['uses', 'reload', 'checks'])),
    '### What it uses',
    optionTable(schemaRows(use, ['from'])),
    '### Its reload',
    pluginFields('reloads'),
    '### Its checks',
    pluginFields('checks'),
    '## A notifier',
    pluginFields('notifiers'),
    REFERENCES,
  ]);
}

function pluginFields(kind: PluginKind): string {
  const rows = [TYPE, ...schemaRows(fieldsSchema(PLUGIN_FIELDS[kind]) as Schema)];
  const types = Object.keys(BUILT_IN[kind]).map((id) => `[${code(id)}](${kind}/${id}.md)`);
  return `${optionTable(rows)}\n\nBeside these stand the options of its type: ${types.join(', ')}.`;
}

const TYPE = { name: 'type', type: 'string', required: true, description: 'Which kind it is; see below.' };

const REFERENCES = `## References

No secret stands in the config. Where one is needed, write where it comes from:

| Reference | Gives |
| --- | --- |
| \`env:NAME\` | the environment variable |
| \`file:PATH\` | the text of a file; it must not be readable by others |
| \`exec:COMMAND ARG …\` | what a program prints, without a shell |

A reference is resolved once per run, when it is first needed. An empty value is refused. A text that looks like a secret
is refused where a reference belongs.

## Durations

A whole number and a unit: \`500ms\`, \`10s\`, \`15m\`, \`2h\`, \`7d\`.`;
