import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorOf } from '../../scripts/docs/markdown.ts';
import { markdownFiles, ROOT, withoutCode } from './markdown-files.ts';

const files = markdownFiles();
const texts = new Map(files.map(({ path, text }) => [path, text]));

function linksIn(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to ?? '');
}

function headingsOf(path: string): string[] {
  const text = texts.get(path) ?? '';
  return [...text.replace(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    anchorOf(heading ?? ''),
  );
}

function isBroken(from: string, to: string): boolean {
  if (/^https?:/.test(to)) return false;
  const [file = '', anchor] = to.split('#');
  const path = file === '' ? from : normalize(join(dirname(from), file));
  if (!existsSync(join(ROOT, path))) return true;
  return anchor !== undefined && !headingsOf(path).includes(anchor);
}

describe('links between documents', () => {
  test.each(files)('resolve in $path', ({ path, text }) => {
    expect(linksIn(text).filter((to) => isBroken(path, to))).toEqual([]);
  });

  test('lead from the README to every guide', () => {
    const guides = files.map(({ path }) => path).filter((path) => path.startsWith('docs/guides/'));
    expect(linksIn(texts.get('README.md') ?? '')).toEqual(expect.arrayContaining(guides));
  });

  test('lead from the list of decisions to every decision', () => {
    const decisions = files
      .map(({ path }) => /^docs\/decisions\/(\d{4}-.+)$/.exec(path)?.[1])
      .filter((path) => path !== undefined);
    expect(linksIn(texts.get('docs/decisions/README.md') ?? '').sort()).toEqual(decisions);
  });
});
