import { expect, test } from 'vitest';
import { inventoryFolder, lines } from './support/inventory-folder.ts';

const BASE = `version: 1
stores: { v: { type: vault, address: https://v.example }, w: { type: files } }
keys:
  ci: { issuer: { type: postman }, targets: [{ store: v, ref: ci, field: key }] }
  aws: { issuer: { type: aws-iam } }
  any: { issuer: { type: free } }
`;

async function found(rest: string): Promise<string[]> {
  const folder = await inventoryFolder({ 'rotation.config.yaml': `${BASE}${rest}` });
  return lines(await folder.problems()).map((line) => line.replace('rotation.config.yaml:', ''));
}

function uses(key: string, ...targets: string[]): string {
  return `{ uses: [{ key: ${key}, from: [${targets.map((target) => `{ store: w, ${target} }`).join(', ')}] }] }`;
}

test('one slot cannot hold two keys, nor two parts of one', async () => {
  expect(
    await found(
      `services:\n  a: ${uses('any', 'ref: x, field: f')}\n  b: ${uses('ci', 'ref: x, field: f')}\n`,
    ),
  ).toEqual([
    '9:33 services.b.uses[0].from[0]: this slot already holds the key "any" (see rotation.config.yaml:8:34)',
  ]);
  const parts = uses('any', 'ref: x, fields: { f: one }', 'ref: x, fields: { f: two }');
  expect(await found(`services:\n  a: ${parts}\n`)).toEqual([
    '8:76 services.a.uses[0].from[1]: this slot already holds the part "one" of the key (see rotation.config.yaml:8:34)',
  ]);
});

test('a target listed twice in one place is a slip; two services may read the same slot', async () => {
  const twice = uses('ci', 'ref: x', 'ref: x');
  expect(await found(`services:\n  a: ${twice}\n`)).toEqual([
    '8:55 services.a.uses[0].from[1]: this target is listed twice (see rotation.config.yaml:8:33)',
  ]);
  const folder = await inventoryFolder({
    'rotation.config.yaml': `${BASE}services:\n  a: ${uses('ci', 'ref: x')}\n  b: ${uses('ci', 'ref: x')}\n`,
  });
  expect(Object.keys((await folder.load()).services)).toEqual(['a', 'b']);
});

test('a slot is written as a whole or by field, not both', async () => {
  const both = uses('ci', 'ref: x, field: f', 'ref: x');
  const [line] = await found(`services:\n  a: ${both}\n`);
  expect(line).toContain(
    'services.a.uses[0].from[1]: this slot is written as a whole in one place and by field in another',
  );
  const [inOneTarget] = await found(
    `services:\n  a: ${uses('any', `ref: x, fields: { '': one, f: two }`)}\n`,
  );
  expect(inOneTarget).toContain('services.a.uses[0].from[0]: this slot is written as a whole in one place');
});

test('a field is filled from a part that the issuer gives', async () => {
  expect(
    await found(`services:\n  a: ${uses('aws', 'ref: x, field: F', 'ref: y, fields: { F: accessKeyID }')}\n`),
  ).toEqual([
    '8:34 services.a.uses[0].from[0]: issuer type aws-iam gives no part "value"; it gives accessKeyId, secretAccessKey',
    '8:99 services.a.uses[0].from[1].fields.F: issuer type aws-iam gives no part "accessKeyID"; it gives accessKeyId, secretAccessKey',
  ]);
});

test('an issuer without fixed parts takes any', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `${BASE}services:\n  a: ${uses('any', 'ref: x, fields: { F: whatever }')}\n`,
  });
  await expect(folder.load()).resolves.toBeDefined();
});

test('a check proves a key that its service uses, under a name of its own', async () => {
  const checks = '[{ type: http, name: me, url: x, key: aws }, { type: http, name: me, url: x }]';
  expect(await found(`services:\n  a:\n    uses: [{ key: ci }]\n    checks: ${checks}\n`)).toEqual([
    '10:51 services.a.checks[0].key: the service does not use the key "aws"',
    '10:78 services.a.checks[1].name: check 1 has the same name',
  ]);
});

test.each([
  ['stores: []', 'stores: must be a mapping, not a list'],
  ['services: { a: { uses: [] } }', 'services.a.uses: must have at least 1 entry'],
  ['services: { a: ~ }', 'services.a: must be a mapping, not nothing'],
  ['services: { "a b": { uses: [{ key: ci }] } }', 'services["a b"]: is not a name'],
  ['services: { __proto__: { uses: [{ key: ci }] } }', 'services.__proto__: is not a name'],
  [
    'services: { a: { uses: [{ key: constructor }] } }',
    'services.a.uses[0].key: there is no key "constructor"',
  ],
  [
    'services: { a: { uses: [{ key: ci }], reload: { type: toString } } }',
    'services.a.reload.type: there is no reload type "toString"',
  ],
  [
    'services: { a: { uses: [{ key: ci }], reload: {} } }',
    'services.a.reload: "type" of the reload is missing',
  ],
  [
    'services: { a: { uses: [{ key: ci, from: [{ store: v, ref: 7 }] }] } }',
    'services.a.uses[0].from[0].ref: must be text, not a number; put it in quotes',
  ],
])('%s is refused', async (text, problem) => {
  const base = text.startsWith('stores') ? 'version: 1\n' : BASE;
  const folder = await inventoryFolder({ 'rotation.config.yaml': `${base}${text}\n` });
  expect(lines(await folder.problems()).map((line) => line.split(' ').slice(1).join(' '))).toEqual([problem]);
});

test.each([
  ['soak: 10', 'soak: is not a duration: its unit is missing'],
  ['soak: 1h30m', 'soak: is not a duration'],
  ['watch: { for: 1m, every: 5m }', 'watch.every: is longer than the watch itself'],
  ['watch: { for: 1m, every: 0s }', 'watch.every: must be from 1s to 3650d'],
  ['deactivate: never, delete: true', 'delete: a key that is never deactivated cannot be deleted'],
  ['maxTargets: 0', 'maxTargets: must be a whole number from 1 to 1000000'],
  ['delete: "yes"', 'delete: must be true or false, not text'],
])('a policy with %s is refused', async (policy, problem) => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `version: 1\nkeys: { ci: { issuer: { type: postman }, policy: { ${policy} } } }\n`,
  });
  const [line, ...others] = lines(await folder.problems());
  expect(others).toEqual([]);
  expect(line?.split(' keys.ci.policy.')[1]).toBe(problem);
});

test('options of a plug-in are checked at every depth, with the names that would have been right', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `version: 1
stores:
  a: { type: vault, address: https://v.example, adress: x, auth: { method: approle, roleID: r, secretId: env:S } }
  b: { type: vault, address: nowhere, attempts: 0, auth: { method: tokem } }
`,
  });
  const problems = await folder.problems();
  expect(lines(problems)).toEqual([
    'rotation.config.yaml:3:49 stores.a.adress: unknown field "adress"',
    'rotation.config.yaml:3:60 stores.a.auth: "roleId" is missing',
    'rotation.config.yaml:3:85 stores.a.auth.roleID: unknown field "roleID"',
    'rotation.config.yaml:4:30 stores.b.address: is not a valid URL',
    'rotation.config.yaml:4:49 stores.b.attempts: must be a whole number from 1 to 20',
    'rotation.config.yaml:4:68 stores.b.auth.method: must be one of token, approle',
  ]);
  expect(problems.map((problem) => problem.suggestion)).toEqual([
    'address',
    undefined,
    'roleId',
    undefined,
    undefined,
    'token',
  ]);
});

test('mistakes behind an anchor or a merged mapping are shown where they are written', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `version: 1
keys: { ci: { issuer: { type: postman } } }
services:
  a: &usual
    uses: [{ key: cj }]
  b:
    <<: *usual
    owner: team-b
`,
  });
  expect(lines(await folder.problems())).toEqual([
    'rotation.config.yaml:5:19 services.a.uses[0].key: there is no key "cj"',
    'rotation.config.yaml:5:19 services.b.uses[0].key: there is no key "cj"',
  ]);
});
