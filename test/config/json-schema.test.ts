import { expect, test } from 'vitest';
import { checks } from '../../src/catalog/checks.gen.ts';
import { issuers } from '../../src/catalog/issuers.gen.ts';
import { reloads } from '../../src/catalog/reloads.gen.ts';
import { stores } from '../../src/catalog/stores.gen.ts';
import { buildJsonSchema } from '../../src/config/json-schema.ts';
import { PLUGIN_FIELDS } from '../../src/config/schema/plugin-fields.ts';
import { optionFields } from '../../src/config/shape/option-fields.ts';
import { fakeCatalog } from './support/fake-catalog.ts';

const schema = await buildJsonSchema(fakeCatalog);

test('the schema knows every top-level field, its default and its meaning', () => {
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    additionalProperties: false,
    properties: {
      version: { const: 1 },
      state: { type: 'string', default: '.keyturn', description: expect.stringContaining('KEYTURN_STATE') },
      waves: { type: 'array', default: ['canary', 'staging', 'production'] },
      stores: { additionalProperties: { $ref: '#/$defs/store' } },
      keys: { additionalProperties: { $ref: '#/$defs/keyEntry' } },
      services: { additionalProperties: { $ref: '#/$defs/service' } },
    },
  });
});

test('the options of a plug-in stand beside the common ones, by its type', () => {
  expect(schema).toHaveProperty('$defs.store.properties.type.enum', ['files', 'vault']);
  expect(schema).toHaveProperty('$defs.store.allOf[1].if.properties.type.const', 'vault');
  const vault = '$defs.store.allOf[1].then';
  expect(schema).toHaveProperty(`${vault}.properties.address.description`, 'URL of the server.');
  expect(schema).toHaveProperty(`${vault}.properties.timeout.default`, '15s');
  expect(schema).toHaveProperty(`${vault}.properties.concurrency.default`, 8);
  expect(schema).toHaveProperty(`${vault}.required`, ['address']);
  expect(schema).toHaveProperty(`${vault}.additionalProperties`, false);
});

test('every reference leads to a definition', () => {
  const definitions = Object.keys(schema['$defs'] ?? {});
  const refs = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map((match) => match[1]);
  expect(refs).toEqual(expect.arrayContaining(['store', 'issuer', 'check', 'reload', 'name']));
  expect(refs.filter((name) => !definitions.includes(name ?? ''))).toEqual([]);
});

const CATALOG = { stores, issuers, checks, reloads };
const plugins = (['stores', 'issuers', 'checks', 'reloads'] as const).flatMap((kind) =>
  Object.keys(CATALOG[kind]).map((id) => ({ kind, id })),
);

test.runIf(plugins.length > 0).each(plugins)(
  '$kind/$id has no option whose name is taken',
  async ({ kind, id }) => {
    const plugin = await CATALOG[kind][id]?.();
    const taken = ['type', ...Object.keys(PLUGIN_FIELDS[kind])];
    const options = plugin === undefined ? [] : optionFields(await plugin.options(), []);
    expect(options.filter((name) => taken.includes(name))).toEqual([]);
  },
);

test('the schema of the real catalogue can be built', async () => {
  await expect(buildJsonSchema(CATALOG)).resolves.toHaveProperty('$defs.store');
});
