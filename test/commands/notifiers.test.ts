import { expect, test } from 'vitest';
import NotifiersList from '../../commands/notifiers/list.ts';
import NotifiersShow from '../../commands/notifiers/show.ts';
import { notifiers } from '../../src/catalog/notifiers.gen.ts';
import { runCommand } from './support/run-command.ts';

test('notifiers list names every notifier of the catalogue, in 80 columns', async () => {
  const { stdout } = await runCommand(NotifiersList, 'notifiers:list', []);
  const [, ...lines] = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(Object.keys(notifiers));
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

test.each(Object.keys(notifiers))(
  'notifiers show %s tells its title and each option, with a description',
  async (id) => {
    const plugin = await notifiers[id]?.();
    const run = await runCommand(NotifiersShow, 'notifiers:show', [id, '--json']);
    const { notifier } = run.json() as {
      notifier: { title: string; options: { name: string; description: string }[] };
    };
    expect(notifier.title).toBe(plugin?.title);
    const { stdout } = await runCommand(NotifiersShow, 'notifiers:show', [id]);
    for (const { name, description } of notifier.options) {
      expect(stdout).toContain(`${name} (`);
      expect(description, `${name} has a description`).not.toBe('');
    }
  },
);

test('notifiers show names also what every notifier takes: what it hears of, and how long it may take', async () => {
  const { stdout } = await runCommand(NotifiersShow, 'notifiers:show', ['slack']);
  expect(stdout).toContain('takes: on, timeout.');
});

test('notifiers show says NOT_FOUND for a notifier that does not exist', async () => {
  const { stderr, exitCode } = await runCommand(NotifiersShow, 'notifiers:show', ['no-such-notifier']);
  expect(stderr).toContain('[NOT_FOUND] notifier no-such-notifier was not found');
  expect(stderr).toContain('keyturn notifiers list');
  expect(exitCode).toBe(1);
});
