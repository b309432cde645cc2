import { describe, expect, test } from 'vitest';
import { renderPluginPage } from '../../src/ui/plugin-page.ts';
import { type Column, renderTable } from '../../src/ui/table.ts';

const longest = (lines: readonly string[]): number => Math.max(...lines.map((line) => line.length));

describe('a table', () => {
  const columns: Column[] = [
    { title: 'ID' },
    { title: 'SUMMARY', flexible: true },
    { title: 'KEYS', align: 'right' },
  ];

  test('is as narrow as its cells, the last one without trailing blanks', () => {
    expect(renderTable(columns, [['a', 'short', '2']])).toEqual(['ID  SUMMARY  KEYS', 'a   short       2']);
    expect(renderTable([{ title: 'ID' }, { title: 'TITLE' }], [['long-id', 'x']])).toEqual([
      'ID       TITLE',
      'long-id  x',
    ]);
  });

  test('gives way in one column where 80 are not enough, and in none where nothing may give way', () => {
    const lines = renderTable(columns, [['aws-iam', 'word '.repeat(40), '2']]);
    expect(longest(lines)).toBe(80);
    expect(lines[1]).toMatch(/^aws-iam {2}word .*… {5}2$/);
    const wide = 'x'.repeat(100);
    expect(longest(renderTable([{ title: 'ID' }], [[wide]]))).toBe(100);
    // One character is left of it, whatever the others take.
    expect(renderTable(columns, [[wide, 'gone', '2']])[1]).toBe(`${wide}  …     2`);
  });

  test('without rows is its head, and a row may end early', () => {
    expect(renderTable(columns, [])).toEqual(['ID  SUMMARY  KEYS']);
    expect(renderTable(columns, [['a']])).toEqual(['ID  SUMMARY  KEYS', 'a']);
    expect(renderTable([], [[]])).toEqual(['', '']);
  });
});

describe('the page of a plug-in', () => {
  const page = {
    id: 'x',
    title: 'Of a kind',
    summary: 'word '.repeat(40).trim(),
    sections: [{ title: 'Capabilities', lines: [['Restore', 'by writing '.repeat(10).trim()]] as const }],
    options: [],
    beside: ['timeout', 'on'],
    unverified: [],
  };
  const render = (over: Partial<Parameters<typeof renderPluginPage>[0]> = {}): string =>
    renderPluginPage({ ...page, ...over }, (text) => text.toUpperCase());

  test('fits 80 columns, what is too long hangs below its beginning', () => {
    const lines = render().split('\n');
    expect(longest(lines)).toBeLessThanOrEqual(80);
    const at = lines.findIndex((line) => line.startsWith('  Restore  by writing'));
    expect(lines[at + 1]).toMatch(/^ {11}(by|writing) /);
  });

  test('ends with what could not be verified, where that is known', () => {
    const lines = render({ unverified: ['word '.repeat(30).trim(), 'The limit.'] }).split('\n');
    expect(longest(lines)).toBeLessThanOrEqual(80);
    expect(lines.slice(-4)).toEqual([
      'UNVERIFIED',
      expect.stringMatching(/^ {2}word /),
      expect.stringMatching(/^ {2}word /),
      '  The limit.',
    ]);
  });

  test('without options says so', () => {
    expect(render()).toContain('\n\nOPTIONS\n  none\n\n');
  });

  test('ends with what stands beside the options of every one of its kind', () => {
    expect(render().split('\n').at(-1)).toMatch(/takes: timeout, on\.$/);
  });

  test('keeps a word whole that is longer than a line, so that it can be copied', () => {
    const url = `https://example.com/${'x'.repeat(90)}`;
    const option = { name: 'address', type: 'string', required: true, description: `See ${url} for more.` };
    expect(
      render({ options: [option] })
        .split('\n')
        .slice(-5, -2),
    ).toEqual(['      See', `      ${url}`, '      for more.']);
  });
});
