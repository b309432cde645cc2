import { expect, test } from 'vitest';
import ChecksList from '../../commands/checks/list.ts';
import ChecksShow from '../../commands/checks/show.ts';
import { checks } from '../../src/catalog/checks.gen.ts';
import { runCommand } from './support/run-command.ts';

test('checks list names every check of the catalogue, in 80 columns', async () => {
  const { stdout } = await runCommand(ChecksList, 'checks:list', []);
  const [, ...lines] = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(Object.keys(checks));
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

test.each(Object.keys(checks))(
  'checks show %s tells its title and each option, with a description',
  async (id) => {
    const plugin = await checks[id]?.();
    const run = await runCommand(ChecksShow, 'checks:show', [id, '--json']);
    const { check } = run.json() as {
      check: { title: string; options: { name: string; description: string }[] };
    };
    expect(check.title).toBe(plugin?.title);
    const { stdout } = await runCommand(ChecksShow, 'checks:show', [id]);
    for (const { name, description } of check.options) {
      expect(stdout).toContain(`${name} (`);
      expect(description, `${name} has a description`).not.toBe('');
    }
  },
);

test('checks show says NOT_FOUND for a check that does not exist', async () => {
  const { stderr, exitCode } = await runCommand(ChecksShow, 'checks:show', ['no-such-check']);
  expect(stderr).toContain('[NOT_FOUND] check no-such-check was not found');
  expect(stderr).toContain('keyturn checks list');
  expect(exitCode).toBe(1);
});
