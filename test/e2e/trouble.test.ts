import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { ENTER } from './support/terminal.ts';
import { useSites } from './support/use-sites.ts';

const { open } = useSites();

describe('a config with ten mistakes', () => {
  const MISTAKEN = `version: 2
stores:
  env-files: { type: dotenw }
  vault: { type: hashicorp-vault, address: https://v.example.com, auth: { method: token, token: hvs.abcdef }, concurency: 3 }
keys:
  shop-key:
    issuer: { type: generatet, format: hex }
    targets:
      - { store: env-file, ref: shop.env, field: API_KEY }
      - { store: env-files, field: API_KEY }
    policy: { deactivate: sometimes, soak: 10 minutes }
services:
  shop:
    wave: canry
    uses: [{ key: shop-kye }]
`;

  test.each([['plan'], ['rotate'], ['doctor']])(
    'is told mistake by mistake by %s, with file and line',
    async (command) => {
      const site = await open();
      await site.write('rotation.config.yaml', MISTAKEN);
      const run = await site.run(command === 'doctor' ? [command] : [command, 'shop-key']);
      expect(run.exitCode).toBe(2);
      const told = run.stderr.split('\n').filter((line) => /^ {2}rotation\.config\.yaml:\d+:\d+ /.test(line));
      expect(told.length).toBeGreaterThanOrEqual(10);
      expect(run.stderr).toContain(`rotation.config.yaml is not valid: ${told.length} mistakes`);
      expect(run.stderr).toContain('did you mean "dotenv"?');
      expect(run.stderr).not.toContain('hvs.abcdef');
      expect(await readdir(site.folder)).not.toContain('.keyturn');
      expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
    },
  );
});

describe('a state folder that cannot be written', () => {
  async function openWithout(): ReturnType<typeof open> {
    const site = await open();
    await site.write('a-file', '');
    const config = JSON.parse(await site.read('rotation.config.yaml')) as JsonObject;
    await site.writeConfig({ ...config, state: 'a-file/state' });
    return site;
  }

  test.each([[['rotate', 'shop-key', '--yes']], [['plan', 'shop-key']], [['rotations']]])(
    'is named by %j, which is no defect of keyturn, and nothing is touched',
    async (argv) => {
      const site = await openWithout();
      const run = await site.run(argv);
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toContain('a-file/state');
      expect(run.stderr).toContain('[UNAVAILABLE]');
      expect(run.stderr).toContain('keyturn doctor');
      expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
    },
  );

  test('is found by doctor, beside everything else', async () => {
    const run = await (await openWithout()).run(['doctor']);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toMatch(/x state .*a-file\/state: it cannot be read and written/);
    expect(run.stdout).toContain('+ store env-files');
  });
});

describe('doctor', () => {
  test('finds all well, and changes nothing', async () => {
    const site = await open();
    const run = await site.run(['doctor']);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain(`+ node Node.js: ${process.version}`);
    expect(run.stdout).toMatch(/\+ config .*rotation\.config\.yaml: 1 stores?, 1 keys?, 1 services?/);
    expect(run.stdout).toMatch(/\+ state .*: will be made by the first rotation/);
    expect(run.stdout).toContain('+ store env-files');
    expect(run.stdout).toContain('+ issuer generated (key shop-key)');
    expect(run.stderr).toContain('Asking env-files …');
    expect(await readdir(site.folder)).not.toContain('.keyturn');
  });

  test('tells what is open, damaged, too open, or somebody else', async () => {
    const site = await open();
    await site.run(['rotate', 'shop-key', '--yes', '--json']);
    const [id = ''] = await site.rotations();
    await mkdir(join(site.folder, '.keyturn/rotations/r20200101-000000-aaaaaa'));
    await site.write('.keyturn/rotations/r20200101-000000-aaaaaa/journal.jsonl', '{"seq":1}\n');
    await chmod(join(site.folder, '.keyturn'), 0o755);
    const config = JSON.parse(await site.read('rotation.config.yaml')) as JsonObject;
    await site.writeConfig({
      ...config,
      stores: { 'env-files': { type: 'dotenv', expect: { host: 'another-machine' } } },
    });
    const run = await site.run(['doctor']);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('others of this machine may look into it (mode 755)');
    expect(run.stdout).toContain(`! rotation ${id}: shop-key has begun and not ended`);
    expect(run.stdout).toContain('x rotation r20200101-000000-aaaaaa');
    expect(run.stdout).toContain('x store env-files');
  });
});

describe('init', () => {
  const FLAGS = [
    '--key',
    'k',
    '--issuer',
    'generated',
    '--set',
    'issuer.format=hex',
    '--store',
    'env=dotenv',
  ];

  test('writes a config from flags that plan can use, and never overwrites one', async () => {
    const site = await open();
    await site.write('one.env', `K=${'a1'.repeat(32)}\n`);
    const argv = ['init', ...FLAGS, '--target', 'env:one.env#K', '--config', 'first.yaml'];
    const run = await site.run(argv);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('Next: keyturn plan k');
    expect((await site.run(['plan', 'k', '--config', 'first.yaml'])).exitCode).toBe(0);
    const again = await site.run(argv);
    expect(again.exitCode).toBe(3);
    expect(again.stderr).toContain('init never overwrites one');
  });

  test.each([
    [['--target', 'env'], '--target env'],
    [['--target', 'env:x#K', '--set', 'issuer.format'], '--set issuer.format'],
  ])('refuses %j and says which form it has', async (argv, named) => {
    const run = await (await open()).run(['init', ...FLAGS, ...argv, '--config', 'first.yaml']);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(`${named} is not valid: it does not have the form`);
  });

  test('asks at a terminal, each question with a choice or an example', async () => {
    const site = await open();
    const terminal = site.terminal(['init', '--config', 'first.yaml', '--set', 'issuer.format=hex']);
    await terminal.waitFor('Name of the key');
    terminal.type(`my-secret${ENTER}`);
    await terminal.waitFor('Who issues it?');
    terminal.type('Generated');
    await terminal.waitFor('❯ Generated here (generated)');
    terminal.type(ENTER);
    await terminal.waitFor('Where is it stored?');
    terminal.type('Env');
    await terminal.waitFor('❯ Env file (dotenv)');
    terminal.type(ENTER);
    await terminal.waitFor('Where in dotenv? (REF#FIELD)');
    terminal.type(ENTER);
    expect(await terminal.exit).toBe(0);
    expect(terminal.text()).toContain('Next: keyturn plan my-secret');
    expect(await site.read('first.yaml')).toContain('my-secret');
  });

  test('is left by Ctrl-C without a file', async () => {
    const site = await open();
    const terminal = site.terminal(['init', '--config', 'first.yaml']);
    await terminal.waitFor('Name of the key');
    terminal.type('\u0003');
    expect(await terminal.exit).toBe(130);
    expect(terminal.text()).toContain('Nothing was begun by it.');
    expect(await readdir(site.folder)).not.toContain('first.yaml');
  });
});

test('schema is what the repository ships', async () => {
  const site = await open();
  const printed = await site.run(['schema']);
  expect((await site.run(['schema', '--out', 'schema.json'])).stderr).toContain('Written to schema.json.');
  expect(await site.read('schema.json')).toBe(printed.stdout);
});
