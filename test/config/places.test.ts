import { expect, test } from 'vitest';
import { inventoryFolder, lines } from './support/inventory-folder.ts';

const HEAD = 'version: 1\nkeys: { ci: { issuer: { type: postman } } }\n';

async function found(rest: string): Promise<string[]> {
  const folder = await inventoryFolder({ 'rotation.config.yaml': `${HEAD}${rest}` });
  return lines(await folder.problems()).map((line) => line.replace('rotation.config.yaml:', ''));
}

test('a mistake in one of several merged mappings is shown at what merges them', async () => {
  expect(
    await found(`services:
  a: &a { uses: [{ key: ci }], ownr: x }
  b: &b { uses: [{ key: ci }] }
  c: { <<: [*a, *b] }
`),
  ).toEqual(['4:32 services.a.ownr: unknown field "ownr"', '6:3 services.c.ownr: unknown field "ownr"']);
});

test('a mistake in a list behind an alias is shown in the list', async () => {
  expect(
    await found(`services:
  a: { uses: &uses [{ key: ci }, { key: cj }] }
  b: { uses: *uses }
`),
  ).toEqual([
    '4:41 services.a.uses[1].key: there is no key "cj"',
    '4:41 services.b.uses[1].key: there is no key "cj"',
  ]);
});

test('a name without a value is shown itself', async () => {
  expect(await found('stores: { s: { type: files, expect: { account } } }\n')).toEqual([
    '3:39 stores.s.expect.account: must be text, not nothing',
  ]);
});

test('names that are no words do not hide the place of another mistake', async () => {
  const problems = await found(`stores:
  ? [q, r]
  : { type: files }
  s: { type: files, timout: 1s }
`);
  expect(problems).toContain('6:21 stores.s.timout: unknown field "timout"');
});

test('a second place is named by its file and line', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `${HEAD}include: [a.yaml, b.yaml]\nstores: { s: { type: files } }\n`,
    'a.yaml': 'services:\n  a: { uses: [{ key: ci, from: [{ store: s, ref: x, field: f }] }] }\n',
    'b.yaml': 'services:\n  b: { uses: [{ key: ci, from: [{ store: s, ref: x }] }] }\n',
  });
  expect(lines(await folder.problems())).toEqual([
    'b.yaml:2:33 services.b.uses[0].from[0]: this slot is written as a whole in one place and by field in another (see a.yaml:2:33)',
  ]);
});
