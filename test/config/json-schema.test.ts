import { expect, test } from 'vitest';
import { z } from 'zod';
import { BUILT_IN } from '../../src/catalog/built-in.ts';
import { buildJsonSchema } from '../../src/config/json-schema.ts';
import { PLUGIN_KINDS, pluginsOf } from '../../src/config/plugin-catalog.ts';
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

const plugins = PLUGIN_KINDS.flatMap((kind) =>
  pluginsOf(BUILT_IN, kind).map(([id, load]) => ({ kind, id, load })),
);

test.each(plugins)('$kind/$id has no option whose name is taken', async ({ kind, load }) => {
  const taken = ['type', ...Object.keys(PLUGIN_FIELDS[kind])];
  const options = optionFields(await (await load()).options(), []);
  expect(options.filter((name) => taken.includes(name))).toEqual([]);
});

test('every reference leads to a definition, in the schema of the real catalogue too', async () => {
  for (const each of [schema, await buildJsonSchema(BUILT_IN)]) {
    const definitions = Object.keys(each['$defs'] ?? {});
    const refs = [...JSON.stringify(each).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(refs.length).toBeGreaterThan(5);
    expect(refs.filter((ref) => !definitions.includes(ref.replace('#/$defs/', '')))).toEqual([]);
  }
});

test('a plug-in whose options refer to themselves brings its own definitions', async () => {
  type Tree = { readonly name: string; readonly inner?: Tree | undefined };
  const tree: z.ZodType<Tree> = z.lazy(() => z.strictObject({ name: z.string(), inner: tree.optional() }));
  const http = await fakeCatalog.checks['http']?.();
  if (http === undefined) throw new Error('the fake catalogue has an http check');
  const options = async () => z.strictObject({ tree });
  const built = await buildJsonSchema({
    ...fakeCatalog,
    checks: { http: async () => ({ ...http, options }) },
  });
  const ref = '#/$defs/check.http.__schema0';
  expect(built).toHaveProperty('$defs.check.allOf[0].then.properties.tree.$ref', ref);
  expect(built['$defs']).toMatchObject({ 'check.http.__schema0': { properties: { inner: { $ref: ref } } } });
});
