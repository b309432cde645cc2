import { expect, test } from 'vitest';
import { EXIT } from '../../src/core/errors/exit-codes.ts';
import { markdownFiles } from './markdown-files.ts';

/** The first cells of the table rows of a document that are numbers. */
function codesIn(path: string): number[] {
  const text = markdownFiles().find((file) => file.path === path)?.text ?? '';
  return [...text.matchAll(/^\| (\d+(?:, \d+)*) \|/gm)].flatMap(([, cell]) =>
    (cell ?? '').split(', ').map(Number),
  );
}

const known = Object.values(EXIT).toSorted((a, b) => a - b);

test.each(['README.md', 'docs/exit-codes.md', 'docs/guides/ci-and-cron.md'])(
  '%s explains every exit code, once',
  (path) => {
    expect(codesIn(path).sort((a, b) => a - b)).toEqual(known);
  },
);

test('the exit codes are those that scripts have been written for', () => {
  expect(EXIT).toEqual({
    done: 0,
    unexpected: 1,
    usage: 2,
    refused: 3,
    rolledBack: 4,
    needsPerson: 5,
    paused: 6,
    locked: 7,
    planOutOfDate: 8,
    interrupted: 130,
  });
});
