import { expect, test } from 'vitest';
import * as plugin from '../../src/plugin/index.ts';
import * as testing from '../../src/testing/index.ts';
import { markdownFiles } from './markdown-files.ts';

const guide = markdownFiles().find(({ path }) => path === 'docs/guides/plug-ins-by-others.md')?.text ?? '';

/** The names in the first cells of the table under a heading. */
function namesUnder(heading: string): string[] {
  const [section = ''] = guide.split(`### \`${heading}\``)[1]?.split(/^#/m) ?? [];
  return [...section.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
}

test.each([
  ['keyturn/plugin', plugin],
  ['keyturn/testing', testing],
])('the guide for plug-ins names everything that %s exports, and nothing else', (name, exported) => {
  expect(namesUnder(name).sort()).toEqual(Object.keys(exported).sort());
});
