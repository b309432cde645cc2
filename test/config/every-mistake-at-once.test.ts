import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { inventoryFolder, lines } from './support/inventory-folder.ts';

const TEN_MISTAKES = `version: 1
waves: [canary, production]
include: [more/*.yaml]
stores:
  vault-prod:
    type: vault
    address: https://vault.example
    timout: 30s
  other:
    type: valt
keys:
  ci:
    issuer: { type: postman, region: es }
    targets:
      - { store: vault-prd, ref: apps/ci }
    policy: { soak: 10 minutes }
services:
  checkout:
    wave: canarry
    uses:
      - key: ci
        from: [{ store: vault-prod, ref: apps/checkout, field: key }]
    checks:
      - { type: http, key: cd }
`;

const MORE = `services:
  billing:
    owner: 7
    uses: [{ key: sea, from: [] }]
`;

test('ten mistakes in two files are ten problems, each with its place', async () => {
  const folder = await inventoryFolder({ 'rotation.config.yaml': TEN_MISTAKES, 'more/billing.yaml': MORE });
  const problems = await folder.problems();
  expect(lines(problems)).toEqual([
    'rotation.config.yaml:8:5 stores.vault-prod.timout: unknown field "timout"',
    'rotation.config.yaml:10:11 stores.other.type: there is no store type "valt"',
    'rotation.config.yaml:13:38 keys.ci.issuer.region: must be one of us, eu',
    'rotation.config.yaml:15:18 keys.ci.targets[0].store: there is no store "vault-prd"',
    'rotation.config.yaml:16:21 keys.ci.policy.soak: is not a duration',
    'rotation.config.yaml:19:11 services.checkout.wave: there is no wave "canarry"',
    'rotation.config.yaml:24:9 services.checkout.checks[0]: "url" is missing',
    'rotation.config.yaml:24:28 services.checkout.checks[0].key: there is no key "cd"',
    'more/billing.yaml:3:12 services.billing.owner: must be text, not a number; put it in quotes',
    'more/billing.yaml:4:19 services.billing.uses[0].key: there is no key "sea"',
  ]);
  expect(problems.map((problem) => problem.suggestion)).toEqual([
    'timeout',
    'vault',
    'us',
    'vault-prod',
    undefined,
    'canary',
    undefined,
    'ci',
    undefined,
    undefined,
  ]);
  expect(problems[4]?.expected).toBe('a duration such as 500ms, 30s, 5m, 2h or 7d');
});

test('the error is CONFIG_INVALID, exits as wrong usage, and says each problem on a line', async () => {
  const folder = await inventoryFolder({ 'rotation.config.yaml': 'version: 2\nstors: {}\n' });
  const error = await folder.load().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2, retryable: false });
  expect(String(error)).toContain(
    [
      'rotation.config.yaml is not valid: 2 mistakes',
      '  rotation.config.yaml:1:10 version: this version of the format is not known; a newer keyturn may know it (expected version: 1)',
      '  rotation.config.yaml:2:1 stors: unknown field "stors"; did you mean "stores"?',
    ].join('\n'),
  );
});

test('a file that is not there is a problem like any other, with the way to a first one', async () => {
  const folder = await inventoryFolder({});
  expect(lines(await folder.problems())).toEqual([
    'rotation.config.yaml:1:1 : cannot be read: there is no such file; `keyturn init` writes one, and `--config PATH` names one elsewhere',
  ]);
});

test.each([
  ['an empty file', '', 'rotation.config.yaml:1:1 : must be a mapping, not nothing'],
  ['a list', '- a\n', 'rotation.config.yaml:1:1 : must be a mapping, not a list'],
  ['no version', 'stores: {}\n', 'rotation.config.yaml:1:1 : "version" is missing'],
  [
    'a tab',
    'version: 1\nstores:\n\tvault: {}\n',
    'rotation.config.yaml:3:1 : is not YAML: a tab is used to indent; use spaces',
  ],
])('%s is refused', async (_what, text, line) => {
  const folder = await inventoryFolder({ 'rotation.config.yaml': text });
  expect(lines(await folder.problems())).toEqual([line]);
});

test('a file with broken syntax hides no mistake of another, and makes no name look unknown', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': 'version: 1\ninclude: [broken.yaml, sound.yaml]\n',
    'broken.yaml': 'stores:\n  vault: { type: vault, address: [ }\n',
    'sound.yaml':
      'services:\n  a:\n    wave: productoin\n    uses: [{ key: ci, from: [{ store: vault, ref: a }] }]\n',
  });
  const found = lines(await folder.problems());
  expect(found).toHaveLength(2);
  expect(found[0]).toMatch(/^broken\.yaml:2:\d+ : is not YAML: /);
  expect(found[1]).toBe('sound.yaml:3:11 services.a.wave: there is no wave "productoin"');
});

test('a name that stands twice in one file is found together with what else is wrong', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': 'version: 1\nstores:\n  a: { type: files }\n  a: { type: files }\nkees: {}\n',
  });
  expect(lines(await folder.problems())).toEqual([
    'rotation.config.yaml:4:3 : this name stands twice in the same mapping',
    'rotation.config.yaml:5:1 kees: unknown field "kees"',
  ]);
});
