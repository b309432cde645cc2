import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What the generators read and write, and what the suite needs. */
const COPIED = [
  'src',
  'commands',
  'scripts',
  'docs',
  'test',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'keyturn.schema.json',
  'rotation.config.yaml',
];

let copy: string;
const inCopy = (script: string, ...args: readonly string[]) =>
  run(process.execPath, [script, ...args], {
    cwd: copy,
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
const tsx = (script: string, ...args: readonly string[]) =>
  run(process.execPath, ['--import', 'tsx', script, ...args], { cwd: copy });

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'keyturn-one-folder-'));
  for (const name of COPIED) await cp(join(ROOT, name), join(copy, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
}, 60_000);
afterAll(() => rm(copy, { recursive: true, force: true }));

it('a store is added by its folder alone: catalogue, pages, schema and the suite find it', async () => {
  const folder = join(copy, 'src/stores/env-twin');
  await cp(join(copy, 'src/stores/dotenv'), folder, { recursive: true });
  const descriptor = join(folder, 'index.ts');
  await writeFile(descriptor, (await readFile(descriptor, 'utf8')).replace("id: 'dotenv'", "id: 'env-twin'"));

  await tsx('scripts/generate.ts');

  expect(await readFile(join(copy, 'src/catalog/stores.gen.ts'), 'utf8')).toContain("'env-twin'");
  expect(await readFile(join(copy, 'docs/reference/README.md'), 'utf8')).toContain('stores/env-twin.md');
  expect(await readFile(join(copy, 'keyturn.schema.json'), 'utf8')).toContain('"env-twin"');
  const { stdout } = await inCopy(
    'node_modules/vitest/vitest.mjs',
    'run',
    'test/conformance/stores.test.ts',
    '--testNamePattern',
    'env-twin',
    '--reporter=json',
  );
  const { numPassedTests, numFailedTests } = JSON.parse(stdout.slice(stdout.indexOf('{')));
  expect(numFailedTests).toBe(0);
  expect(numPassedTests).toBeGreaterThan(15);
}, 180_000);
