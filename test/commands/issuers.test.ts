import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import IssuersList from '../../commands/issuers/list.ts';
import IssuersShow from '../../commands/issuers/show.ts';
import { issuers } from '../../src/catalog/issuers.gen.ts';
import { runCommand } from './support/run-command.ts';

test('issuers list names every issuer of the catalogue, in 80 columns', async () => {
  const { stdout } = await runCommand(IssuersList, 'issuers:list', []);
  const [, ...lines] = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(Object.keys(issuers));
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

test.each(Object.keys(issuers))(
  'issuers show %s tells its title and each option, with a description',
  async (id) => {
    const plugin = await issuers[id]?.();
    const run = await runCommand(IssuersShow, 'issuers:show', [id, '--json']);
    const { issuer } = run.json() as {
      issuer: { title: string; options: { name: string; description: string }[] };
    };
    expect(issuer.title).toBe(plugin?.title);
    const { stdout } = await runCommand(IssuersShow, 'issuers:show', [id]);
    for (const { name, description } of issuer.options) {
      expect(stdout).toContain(`${name} (`);
      expect(description, `${name} has a description`).not.toBe('');
    }
  },
);

test('issuers show leaves no fact empty: its options say which parts there are where not all have the same', async () => {
  for (const id of Object.keys(issuers)) {
    const { stdout } = await runCommand(IssuersShow, 'issuers:show', [id]);
    expect(stdout, id).not.toMatch(/^ {2}Parts *$/m);
  }
});
/** Nobody else's system is behind them. */
const OF_NO_SYSTEM = new Set(['command', 'generated']);

test.each(Object.keys(issuers).filter((id) => !OF_NO_SYSTEM.has(id)))(
  'issuers show %s says what could not be verified of its system, as its page does',
  async (id) => {
    const page = readFileSync(join(import.meta.dirname, `../../docs/reference/issuers/${id}.md`), 'utf8');
    const [, section = ''] = /^## Unverified\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(page) ?? [];
    expect(section.trim(), 'the page has such a section').not.toBe('');
    const { stdout } = await runCommand(IssuersShow, 'issuers:show', [id]);
    const [, said = ''] = stdout.split('\nUnverified\n');
    const words = (text: string): string => text.replace(/^- /gm, '').replace(/\s+/g, ' ').trim();
    expect(words(said)).toBe(words(section.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')));
  },
);

test('issuers show says NOT_FOUND for a issuer that does not exist', async () => {
  const { stderr, exitCode } = await runCommand(IssuersShow, 'issuers:show', ['no-such-issuer']);
  expect(stderr).toContain('[NOT_FOUND] issuer no-such-issuer was not found');
  expect(stderr).toContain('keyturn issuers list');
  expect(exitCode).toBe(1);
});
