import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inventoryFolder, lines } from './support/inventory-folder.ts';

const NOT_JSON = 'is not JSON (a comment, a comma too many, or a quote that is missing?)';

async function problemsOfJson(text: string): Promise<string[]> {
  const folder = await inventoryFolder({
    'rotation.config.yaml': 'version: 1\ninclude: [made.json]\n',
    'made.json': text,
  });
  return lines(await folder.problems());
}

test.each([
  ['a comma too many', '{\n  "services": {},\n}', '3:1'],
  ['a name without quotes', '{services: {}}', '1:2'],
  ['nothing at all', '', '1:1'],
  ['a brace that is missing', '{\n"services": {', '2:14'],
  ['an end that comes too soon', '{\n"services":', '2:12'],
  ['a comment', '// made\n{}', '1:1'],
])('a JSON file with %s is refused as JSON, with its place', async (_what, text, place) => {
  expect(await problemsOfJson(text)).toEqual([`made.json:${place} : ${NOT_JSON}`]);
});

test('a byte order mark before JSON is no mistake', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': 'version: 1\ninclude: [made.json]\n',
    'made.json': '\uFEFF{"stores": {"files": {"type": "files"}}}',
  });
  expect(Object.keys((await folder.load()).stores)).toEqual(['files']);
});

const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

test.each([
  ['YAML', 'rotation.config.yaml', `a: ${DEEP}\n`, '1:1 : cannot be read: it is nested too deeply'],
  ['YAML for a whole parser', 'rotation.config.yaml', `a: &x ${DEEP}\n`, ' : is nested too deeply'],
  ['JSON', 'made.json', DEEP, '1:1 : cannot be read: it is nested too deeply'],
])(
  '%s that is nested deeper than anybody can read is a problem, not a crash',
  async (_what, name, text, end) => {
    const root = { 'rotation.config.yaml': 'version: 1\ninclude: [made.json]\n' };
    const folder = await inventoryFolder({ ...root, [name]: text });
    const [problem, ...others] = lines(await folder.problems());
    expect(others).toEqual([]);
    expect(problem?.startsWith(`${name}:`)).toBe(true);
    expect(problem?.endsWith(end)).toBe(true);
  },
);

test('a folder in place of a file is told', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': 'version: 1\ninclude: [more]\n',
    'more/a.yaml': 'stores: {}\n',
  });
  expect(lines(await folder.problems())).toEqual(['more:1:1 : cannot be read: it is a folder']);
});

test('what the system says of a file is passed on when it is unusual', async () => {
  const folder = await inventoryFolder({});
  await symlink('rotation.config.yaml', join(folder.path, 'rotation.config.yaml'));
  expect(lines(await folder.problems())).toEqual(['rotation.config.yaml:1:1 : cannot be read: ELOOP']);
});

test('a second document in a file is pointed at', async () => {
  const folder = await inventoryFolder({ 'rotation.config.yaml': 'version: 1\n---\nstores: {}\n' });
  expect(lines(await folder.problems())).toEqual([
    'rotation.config.yaml:2:1 : holds several documents (---); put each into a file of its own',
  ]);
});

test('what only one of the parsers minds is refused in its words', async () => {
  const folder = await inventoryFolder({ 'rotation.config.yaml': 'version: 1\nstores: *gone\n' });
  expect(lines(await folder.problems())).toEqual([
    'rotation.config.yaml:2:14 : is not YAML: unidentified alias …',
  ]);
});

test('a name that stands twice is told although an alias leads nowhere', async () => {
  const text = 'version: 1\nstores: {}\nstores: {}\nkeys: *gone\n';
  const folder = await inventoryFolder({ 'rotation.config.yaml': text });
  expect(await folder.problems()).toEqual([
    {
      file: 'rotation.config.yaml',
      line: 3,
      column: 1,
      path: '',
      message: 'this name stands twice in the same mapping',
    },
  ]);
});

test('of two entries with one name the mistakes of the last are shown, where it stands', async () => {
  const text = 'version: 1\nstores:\n  a: { type: vault }\n  a: { type: vaults }\n';
  const folder = await inventoryFolder({ 'rotation.config.yaml': text });
  expect(lines(await folder.problems())).toEqual([
    'rotation.config.yaml:4:3 : this name stands twice in the same mapping',
    'rotation.config.yaml:4:14 stores.a.type: there is no store type "vaults"',
  ]);
});
