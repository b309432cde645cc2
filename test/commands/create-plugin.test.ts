import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import StoresCreatePlugin from '../../commands/stores/create-plugin.ts';
import pjson from '../../package.json' with { type: 'json' };
import type { CreatedPlugin } from '../../src/app/create-plugin/create-plugin.ts';
import { type CommandRun, runCommand } from './support/run-command.ts';

let folder: string;
const before = process.cwd();
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'keyturn-create-plugin-')));
  process.chdir(folder);
});
afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

const create = (...argv: string[]): Promise<CommandRun> =>
  runCommand(StoresCreatePlugin, 'stores:create-plugin', argv);

/** Paths of all files below it. */
async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
}

const FILES = [
  '.gitignore',
  'README.md',
  'emulator.js',
  'index.js',
  'options.js',
  'package.json',
  'store.js',
  'test/store.test.js',
];

describe('stores create-plugin', () => {
  test('writes a package into a folder of its name, and says what comes next', async () => {
    const { stdout, stderr, exitCode } = await create('keyturn-store-acme');
    expect(await filesIn(join(folder, 'keyturn-store-acme'))).toEqual(FILES);
    for (const file of FILES) expect(stdout).toContain(`  keyturn-store-acme/${file}\n`);
    expect(stdout).toContain('Next: cd keyturn-store-acme && npm install && npm test\n');
    expect(stdout).toContain('plugins: ["./keyturn-store-acme/index.js"]; its store has `type: acme`.');
    expect([stderr, exitCode]).toEqual(['', 0]);
  });

  test('asks for the keyturn that wrote it, or a later one that fits', async () => {
    await create('@acme/keyturn-store-acme');
    const text = await readFile(join(folder, 'keyturn-store-acme/package.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      name: '@acme/keyturn-store-acme',
      type: 'module',
      scripts: { test: 'vitest run' },
      peerDependencies: { keyturn: `^${pjson.version}` },
      devDependencies: { keyturn: `^${pjson.version}`, vitest: expect.any(String) },
    });
  });

  test.each([
    ['keyturn-store-acme', 'acme'],
    ['@acme/keyturn-store-key-safe', 'key-safe'],
    ['keyturn-safe', 'safe'],
    ['safe2', 'safe2'],
  ])('calls the store of %s %s', async (name, id) => {
    const { plugin } = (await create(name, '--dir', 'here', '--json')).json() as { plugin: CreatedPlugin };
    expect(plugin.id).toBe(id);
    expect(await readFile(join(folder, 'here/index.js'), 'utf8')).toContain(`id: '${id}'`);
  });

  test.each([
    [
      'plugins/acme store',
      "cd 'plugins/acme store' && npm install && npm test",
      './plugins/acme store/index.js',
    ],
    ['../acme', 'cd ../acme && npm install && npm test', '../acme/index.js'],
  ])('writes into --dir %s', async (dir, next, module) => {
    await mkdir(join(folder, 'work'));
    process.chdir(join(folder, 'work'));
    const run = await create('keyturn-store-acme', '--dir', dir, '--json');
    expect(run.json()).toEqual({
      plugin: { name: 'keyturn-store-acme', id: 'acme', folder: dir, module, files: expect.any(Array) },
      next,
    });
    expect(await filesIn(join(folder, 'work', dir))).toEqual(FILES);
  });

  test('takes an empty folder that is there', async () => {
    await mkdir(join(folder, 'keyturn-store-acme'));
    expect((await create('keyturn-store-acme')).exitCode).toBe(0);
  });

  test.each(['keyturn-store-acme/notes.txt', 'keyturn-store-acme'])(
    'never overwrites: %s is there',
    async (path) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), 'mine');
      const { stdout, stderr, exitCode } = await create('keyturn-store-acme');
      expect(stderr).toContain('[REFUSED] keyturn-store-acme was refused: there is something already');
      expect(stderr).toContain('--dir');
      expect([stdout, exitCode]).toEqual(['', 3]);
      expect(await filesIn(folder)).toEqual([path]);
      expect(await readFile(join(folder, path), 'utf8')).toBe('mine');
    },
  );

  test.each(['Acme', 'acme_store', '../acme', '@acme/../x', '-acme', 'acme-', 'a--b', 'keyturn-store-1', ''])(
    'takes no name like "%s"',
    async (name) => {
      const { stderr, exitCode } = await create('--', name);
      expect(stderr).toContain('[CONFIG_INVALID]');
      expect(stderr).toContain('@acme/keyturn-store-x');
      expect(exitCode).toBe(2);
      expect(await filesIn(folder)).toEqual([]);
    },
  );

  test('takes no name that would stand for a built-in store', async () => {
    const { stderr, exitCode } = await create('@acme/keyturn-store-hashicorp-vault');
    expect(stderr).toContain('its store would be called hashicorp-vault, as a built-in one is');
    expect(exitCode).toBe(2);
    expect(await filesIn(folder)).toEqual([]);
  });
});
