import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';

export const ROOT = join(import.meta.dirname, '../..');

export interface MarkdownFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
}

/** Everything a reader of the repository sees. */
export function markdownFiles(): MarkdownFile[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** The prose that people wrote; `docs/reference/` is made from the code. */
export function writtenFiles(): MarkdownFile[] {
  return markdownFiles().filter(({ path }) => !path.startsWith('docs/reference/'));
}

/** The contents of code blocks in one of the languages. */
export function codeBlocks(text: string, ...languages: readonly string[]): string[] {
  return [...text.matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm)]
    .filter(([, language]) => languages.includes(language ?? ''))
    .map(([, , body]) => body ?? '');
}

/** Text without code blocks and `code`. */
export function withoutCode(text: string): string {
  return text.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, '');
}
