import { expect, test } from 'vitest';
import ReloadsList from '../../commands/reloads/list.ts';
import ReloadsShow from '../../commands/reloads/show.ts';
import { reloads } from '../../src/catalog/reloads.gen.ts';
import { runCommand } from './support/run-command.ts';

test('reloads list names every reload of the catalogue, in 80 columns', async () => {
  const { stdout } = await runCommand(ReloadsList, 'reloads:list', []);
  const [, ...lines] = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(Object.keys(reloads));
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

test.each(Object.keys(reloads))(
  'reloads show %s tells its title and each option, with a description',
  async (id) => {
    const plugin = await reloads[id]?.();
    const run = await runCommand(ReloadsShow, 'reloads:show', [id, '--json']);
    const { reload } = run.json() as {
      reload: { title: string; options: { name: string; description: string }[] };
    };
    expect(reload.title).toBe(plugin?.title);
    const { stdout } = await runCommand(ReloadsShow, 'reloads:show', [id]);
    for (const { name, description } of reload.options) {
      expect(stdout).toContain(`${name} (`);
      expect(description, `${name} has a description`).not.toBe('');
    }
  },
);

test('reloads show says NOT_FOUND for a reload that does not exist', async () => {
  const { stderr, exitCode } = await runCommand(ReloadsShow, 'reloads:show', ['no-such-reload']);
  expect(stderr).toContain('[NOT_FOUND] reload no-such-reload was not found');
  expect(stderr).toContain('keyturn reloads list');
  expect(exitCode).toBe(1);
});
