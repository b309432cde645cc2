import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ConfigProblem } from '../../src/config/config-error.ts';
import { optionChoices, optionFields } from '../../src/config/shape/option-fields.ts';
import { inventoryFolder } from './support/inventory-folder.ts';

/** What is wrong with a check that has these options. */
async function problemsOf(options: string): Promise<readonly ConfigProblem[]> {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `version: 1
keys: { ci: { issuer: { type: postman } } }
services: { a: { uses: [{ key: ci }], checks: [{ type: probe, ${options} }] } }
`,
  });
  return folder.problems();
}

async function refusals(options: string): Promise<string[]> {
  return (await problemsOf(options)).map(
    ({ path, message }) => `${path.replace('services.a.checks[0].', '')}: ${message}`,
  );
}

test.each([
  ['requests: [{ path: 7 }]', 'requests[0].path: must be text, not a number'],
  ['requests: [{ path: /, retries: many }]', 'requests[0].retries: must be a number, not text'],
  ['requests: {}', 'requests: must be a list, not a mapping'],
  ['requests: [/]', 'requests[0]: must be a mapping, not text'],
  ['requests: [], seen: today', 'seen: must be date, not text'],
  ['requests: [{ path: /, method: PUT }]', 'requests[0].method: must be one of GET, POST'],
  ['requests: [{ path: /, method: 7 }]', 'requests[0].method: must be one of GET, POST'],
  ['requests: [{}]', 'requests[0]: "path" is missing'],
  ['requests: [{ path: /, retry: 3 }]', 'requests[0].retry: unknown field "retry"'],
  ['requests: [], marks: { first: middle }', 'marks.first: must be one of low, high'],
])('%s: the mistake is named in our words, at its place', async (options, problem) => {
  expect(await refusals(options)).toEqual([problem]);
});

test('a wrong word gets the nearest right one, however deep it stands', async () => {
  const [method] = await problemsOf('requests: [{ path: /, method: GTE }]');
  expect(method).toMatchObject({ expected: 'one of GET, POST', suggestion: 'GET' });
  const [field] = await problemsOf('requests: [{ path: /, retrys: 3 }]');
  expect(field?.suggestion).toBe('retries');
});

test('of a choice between forms the one that was meant is explained', async () => {
  expect(await refusals('requests: [], answer: { from: 200, to: many }')).toEqual([
    'answer.to: must be a number, not text',
  ]);
  expect(await refusals('requests: [], answer: { from: 200 }')).toEqual(['answer: "to" is missing']);
  expect(await refusals('requests: [], answer: many')).toEqual(['answer: must be a number, not text']);
});

test('a rule that speaks of what is not there is told at what lacks it', async () => {
  expect(await refusals('requests: [], tag: whole')).toEqual(['tag.half: "size" is missing']);
});

test('a choice that was not made comes with what there is to choose', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml':
      'version: 1\nstores: { v: { type: vault, address: https://v.example, auth: {} } }\n',
  });
  expect(await folder.problems()).toMatchObject([
    { path: 'stores.v.auth', message: '"method" is missing', expected: 'one of token, approle' },
  ]);
});

test('fields and choices are found behind lists, names and wrappers, and nowhere else', () => {
  const schema = z.strictObject({
    list: z.array(z.strictObject({ kind: z.enum(['a', 'b']).default('a') })).optional(),
    byName: z.record(z.string(), z.strictObject({ on: z.boolean() })),
    rest: z.object({ known: z.string() }).catchall(z.literal(['c', 1])),
    plain: z.string(),
  });
  expect(optionFields(schema, [])).toEqual(['list', 'byName', 'rest', 'plain']);
  expect(optionFields(schema, ['list', 0])).toEqual(['kind']);
  expect(optionFields(schema, ['byName', 'any'])).toEqual(['on']);
  expect(optionFields(schema, ['plain'])).toEqual([]);
  expect(optionFields(schema, ['plain', 'deeper'])).toEqual([]);
  expect(optionChoices(schema, ['list', 3, 'kind'])).toEqual(['a', 'b']);
  expect(optionChoices(schema, ['rest', 'other'])).toEqual(['c']);
  expect(optionChoices(schema, ['plain'])).toEqual([]);
});
