import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { allPages } from '../../scripts/docs/all-pages.ts';
import { BUILT_IN } from '../../src/catalog/built-in.ts';
import { ERROR_CODES } from '../../src/core/errors/codes.ts';
import { ROOT } from './markdown-files.ts';

const run = promisify(execFile);

test('the reference is up to date', async () => {
  const argv = ['--import', 'tsx', join(ROOT, 'scripts/gen-docs.ts'), '--check'];
  await expect(run(process.execPath, argv, { cwd: ROOT })).resolves.toMatchObject({ stderr: '' });
});

test('the same sources give the same bytes', async () => {
  expect(await allPages()).toEqual(await allPages());
});

test('every plug-in has a page, every error a row', async () => {
  const pages = new Map((await allPages()).map(({ path, text }) => [path, text]));
  for (const [kind, plugins] of Object.entries(BUILT_IN)) {
    for (const id of Object.keys(plugins)) expect(pages.get(`${kind}/${id}.md`)).toContain(`type: ${id}`);
  }
  const errors = pages.get('errors.md') ?? '';
  for (const code of ERROR_CODES) expect(errors).toContain(`| \`${code}\` |`);
});

test('the flags of every command are told as those have them that need an inventory', async () => {
  const text = (await allPages()).find(({ path }) => path === 'commands.md')?.text;
  expect(text).toMatch(/^\| `-c`, `--config PATH` \| `rotation.config.yaml` \| .*`KEYTURN_CONFIG`/m);
});

test('no page is cut off: each note ends on its page as it does in its folder', async () => {
  for (const { path, text } of await allPages())
    expect(text, path).toMatch(/^<!--.*-->\n\n# .+\n[\s\S]*\S\n$/);
});
