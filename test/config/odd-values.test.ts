import { expect, test } from 'vitest';
import { inventoryFolder } from './support/inventory-folder.ts';

const CI = 'ci: { issuer: { type: postman } }';
const SECTIONS = {
  stores: 's: { type: files }',
  keys: CI,
  services: 'a: { uses: [{ key: ci }] }',
};

/** `path: message (expected)` of everything wrong with an inventory that is right but for these sections. */
async function refusals(parts: Partial<typeof SECTIONS>, top = 'version: 1'): Promise<string[]> {
  const sections = Object.entries({ ...SECTIONS, ...parts }).map(([name, text]) => `${name}: { ${text} }`);
  const folder = await inventoryFolder({ 'rotation.config.yaml': `${[top, ...sections].join('\n')}\n` });
  return (await folder.problems()).map(
    ({ path, message, expected }) => `${path}: ${message}${expected === undefined ? '' : ` (${expected})`}`,
  );
}

test.each([
  ['version: 0', 'version: this version of the format is not known (version: 1)'],
  ['version: "1"', 'version: this version of the format is not known (version: 1)'],
  [
    'version: 9',
    'version: this version of the format is not known; a newer keyturn may know it (version: 1)',
  ],
  ['version: 1\nwaves: canary', 'waves: must be a list, not text (a list)'],
  ['version: 1\nwaves: [a, b, a]', 'waves[2]: is listed twice'],
  [
    'version: 1\nwaves: [a b]',
    'waves[0]: is not a name (letters, digits, dots, dashes and underscores, at most 100, beginning with a letter or digit)',
  ],
  ['version: 1\nwaves: []', 'waves: must have at least 1 entry'],
  ['version: 1\nstate: ""', 'state: must not be empty'],
  ['version: 1\nsealing: true', 'sealing: must be a mapping, not true or false (a mapping)'],
  [
    'version: 1\nsealing: { recipients: [7] }',
    'sealing.recipients[0]: must be text, not a number (a public key that begins with age1)',
  ],
  [
    'version: 1\nsealing: { recipients: [ssh-ed25519] }',
    'sealing.recipients[0]: is not an age recipient (a public key that begins with age1)',
  ],
])('a root file with %j is refused', async (top, problem) => {
  expect(await refusals({}, top)).toEqual([problem]);
});

test.each([
  ['s: 7', 'stores.s: must be a mapping, not a number (a mapping)'],
  ['s: [files]', 'stores.s: must be a mapping, not a list (a mapping)'],
  ['s: { type: ~ }', 'stores.s.type: "type" of the store is missing (one of vault, files)'],
  ['s: { type: 7 }', 'stores.s.type: must be text (one of vault, files)'],
  ['s: { type: files, expect: all }', 'stores.s.expect: must be a mapping, not text (a mapping)'],
  ['s: { type: files, expect: { a: {} } }', 'stores.s.expect.a: must be text, not a mapping (text)'],
  ['s: { type: files, expect: { a } }', 'stores.s.expect.a: must be text, not nothing (text)'],
])('a store written as %s is refused', async (stores, problem) => {
  expect(await refusals({ stores })).toEqual([problem]);
});

test.each([
  ['{}', 'keys.ci: "issuer" is missing'],
  [
    '{ issuer: { type: postman }, policy: { deactivate: later } }',
    'keys.ci.policy.deactivate: must be one of ask, now, after-soak, never (one of ask, now, after-soak, never)',
  ],
  [
    '{ issuer: { type: postman }, policy: { deactivate: true } }',
    'keys.ci.policy.deactivate: must be one of ask, now, after-soak, never (one of ask, now, after-soak, never)',
  ],
  ['{ issuer: { type: postman }, policy: { soke: 1m } }', 'keys.ci.policy.soke: unknown field "soke"'],
  [
    '{ issuer: { type: postman }, targets: { store: s } }',
    'keys.ci.targets: must be a list, not a mapping (a list)',
  ],
  [
    '{ issuer: { type: postman }, targets: [{ store: 7, ref: a }] }',
    'keys.ci.targets[0].store: must be the name of a store, not a number (the name of a store)',
  ],
  [
    '{ issuer: { type: postman }, targets: [{ store: s, ref: a, field: f, fields: { f: value } }] }',
    'keys.ci.targets[0].fields: stands beside "field": keep one of them',
  ],
  [
    '{ issuer: { type: postman }, targets: [{ store: s, ref: a, fields: {} }] }',
    'keys.ci.targets[0].fields: must name at least one field',
  ],
  [
    '{ issuer: { type: aws-iam }, targets: [{ store: s, ref: a }] }',
    'keys.ci.targets[0]: issuer type aws-iam gives no part "value"; it gives accessKeyId, secretAccessKey (fields: {NAME: accessKeyId})',
  ],
  [
    '{ issuer: { type: aws-iam }, targets: [{ store: s, ref: a, field: f }] }',
    'keys.ci.targets[0]: issuer type aws-iam gives no part "value"; it gives accessKeyId, secretAccessKey (fields: {f: accessKeyId})',
  ],
])('a key written as %s is refused', async (key, problem) => {
  expect(await refusals({ keys: `ci: ${key}` })).toEqual([problem]);
});

test('parts are not asked of an issuer that there is not, nor of one whose key cannot be read', async () => {
  expect(
    await refusals({ keys: 'ci: { issuer: { type: postmann }, targets: [{ store: s, ref: a }] }' }),
  ).toEqual(['keys.ci.issuer.type: there is no issuer type "postmann"']);
  const services = 'a: { uses: [{ key: ci, from: [{ store: s, ref: a, fields: { x: y } }] }] }';
  expect(await refusals({ keys: 'ci: { issuer: [] }', services })).toEqual([
    'keys.ci.issuer: must be a mapping, not a list (a mapping)',
  ]);
});

test('names are listed as a help while they fit on a line', async () => {
  const eight = Array.from({ length: 8 }, (_, index) => `s${index}`);
  const stores = (names: readonly string[]): string =>
    names.map((name) => `${name}: { type: files }`).join(', ');
  const keys = 'ci: { issuer: { type: postman }, targets: [{ store: nowhere, ref: a }] }';
  const problem = 'keys.ci.targets[0].store: there is no store "nowhere"';
  expect(await refusals({ keys, stores: stores(eight) })).toEqual([
    `${problem} (one of ${eight.join(', ')})`,
  ]);
  expect(await refusals({ keys, stores: stores([...eight, 's9']) })).toEqual([problem]);
  expect(await refusals({ keys, stores: '' })).toEqual([problem]);
});

test('two keys that claim one slot are both named, with the place of the first', async () => {
  const target = 'targets: [{ store: s, ref: a }]';
  const keys = `ci: { issuer: { type: postman }, ${target} }, cd: { issuer: { type: postman }, ${target} }`;
  const [problem, ...others] = await refusals({ keys });
  expect(problem).toMatch(
    /^keys\.cd\.targets\[0\]: this slot already holds the key "ci" \(see rotation\.config\.yaml:3:\d+\)$/,
  );
  expect(others).toEqual([]);
});

test('a key that cannot be read claims no slot, and hides no clash of others', async () => {
  const claiming = '{ issuer: { type: postman }, targets: [{ store: s, ref: a }] }';
  const keys = `ci: { targets: [{ store: s, ref: a }] }, cd: ${claiming}, ce: ${claiming}`;
  const problems = await refusals({ keys });
  expect(problems).toHaveLength(2);
  expect(problems).toContain('keys.ci: "issuer" is missing');
  expect(problems).toContainEqual(
    expect.stringContaining('keys.ce.targets[0]: this slot already holds the key "cd"'),
  );
});

test('a check without a name can clash with one that is called like its number', async () => {
  const checks = '[{ type: http, url: x, name: "2" }, { type: http, url: x }]';
  expect(await refusals({ services: `a: { uses: [{ key: ci }], checks: ${checks} }` })).toEqual([
    'services.a.checks[1].name: check 1 has the same name',
  ]);
});

test('a check for a key that is not defined is told once', async () => {
  const checks = '[{ type: http, url: x, key: cj }]';
  expect(await refusals({ services: `a: { uses: [{ key: ci }], checks: ${checks} }` })).toEqual([
    'services.a.checks[0].key: there is no key "cj" (one of ci)',
  ]);
});
