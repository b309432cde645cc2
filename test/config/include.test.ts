import { expect, test } from 'vitest';
import { inventoryFolder, lines } from './support/inventory-folder.ts';

const SERVICE = (name: string) => `services: { ${name}: { uses: [{ key: ci }] } }\n`;
const KEY = 'keys: { ci: { issuer: { type: postman } } }\n';

test('stores, keys and services come from YAML and JSON files, through files that include others', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `version: 1\ninclude: [inventory/**/*.yaml, keys.yaml, made/*.json]\n`,
    'keys.yaml': KEY,
    'inventory/a.yaml': SERVICE('a'),
    'inventory/deep/b.yaml': `include: [c/*.yml]\n${SERVICE('b')}`,
    'inventory/deep/c/c.yml': SERVICE('c'),
    'made/d.json': JSON.stringify({ services: { d: { uses: [{ key: 'ci' }] } } }),
    'inventory/empty.yaml': '# nothing yet\n',
  });
  const config = await folder.load();
  expect(Object.keys(config.services).sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(Object.keys(config.keys)).toEqual(['ci']);
});

test('a file that two others include is read once; a glob does not include its own file', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `version: 1\ninclude: ["*.yaml"]\n`,
    'a.yaml': `include: [keys.yaml]\n${SERVICE('a')}`,
    'b.yaml': `include: [keys.yaml]\n${SERVICE('b')}`,
    'keys.yaml': KEY,
  });
  expect(Object.keys((await folder.load()).services)).toEqual(['a', 'b']);
});

test('files that include each other are told, with the way round', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': 'version: 1\ninclude: [a.yaml]\n',
    'a.yaml': 'include: [b.yaml]\n',
    'b.yaml': 'include:\n  - a.yaml\n',
  });
  expect(lines(await folder.problems())).toEqual([
    'b.yaml:2:5 include[0]: files include each other: a.yaml → b.yaml → a.yaml',
  ]);
});

test('a pattern that matches nothing and a file that is not there are told', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': 'version: 1\ninclude: [inv/*.yaml, gone.yaml]\n',
  });
  expect(lines(await folder.problems())).toEqual([
    'rotation.config.yaml:2:11 include[0]: "inv/*.yaml" matches no file',
    'rotation.config.yaml:2:23 include[1]: "gone.yaml" matches no file',
  ]);
});

test('the same service in two files is told with both places', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `version: 1\ninclude: [a.yaml, b.json]\n${KEY}`,
    'a.yaml': 'services:\n  shop:\n    uses: [{ key: ci }]\n',
    'b.json': '{\n "services": {\n  "shop": { "uses": [{ "key": "ci" }] } } }',
  });
  expect(lines(await folder.problems())).toEqual([
    'b.json:3:3 services.shop: "shop" is already defined (see a.yaml:2:3)',
  ]);
});

test('a JSON file that names a service twice does not lose one in silence', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `version: 1\ninclude: [b.json]\n${KEY}`,
    'b.json':
      '{"services": {\n"a": {"uses": [{"key": "ci"}], "owner": "x\\": \\\\"},\n"a": {"uses": [{"key": "ci"}]}}}',
  });
  expect(lines(await folder.problems())).toEqual(['b.json:3:1 : this name stands twice in the same mapping']);
});

test('what belongs to the root is refused in an included file', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': 'version: 1\ninclude: [a.yaml]\n',
    'a.yaml': 'state: here\nwaves: [x]\n',
  });
  expect(lines(await folder.problems())).toEqual([
    'a.yaml:1:1 state: belongs to the root file',
    'a.yaml:2:1 waves: belongs to the root file',
  ]);
});
