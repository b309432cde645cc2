import { describe, expect, test } from 'vitest';
import StoresList from '../../commands/stores/list.ts';
import StoresShow from '../../commands/stores/show.ts';
import { stores } from '../../src/catalog/stores.gen.ts';
import { runCommand } from './support/run-command.ts';

describe('stores list', () => {
  test('names every store of the catalogue, in 80 columns, without colour', async () => {
    const { stdout, exitCode } = await runCommand(StoresList, 'stores:list', []);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^ID +TITLE +READ +CAS +RESTORE +MAX BYTES$/);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(Object.keys(stores));
    for (const line of [head ?? '', ...lines]) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('\u001b');
    expect(exitCode).toBe(0);
  });

  test('tells the same as JSON, with every capability', async () => {
    const run = await runCommand(StoresList, 'stores:list', ['--json']);
    const descriptors = await Promise.all(Object.values(stores).map((load) => load()));
    expect(run.json()).toEqual({
      stores: descriptors.map(({ id, title, summary, capabilities, slot }) =>
        JSON.parse(JSON.stringify({ id, title, summary, capabilities, slot })),
      ),
    });
  });
});

describe('stores show', () => {
  test.each(Object.keys(stores))(
    'tells what %s can do, what a target is there, and each option',
    async (id) => {
      const plugin = await stores[id]?.();
      const { stdout } = await runCommand(StoresShow, 'stores:show', [id]);
      const words = stdout.replaceAll(/\s+/g, ' ');
      for (const text of [plugin?.title, plugin?.slot.ref, plugin?.slot.field]) expect(words).toContain(text);
      const run = await runCommand(StoresShow, 'stores:show', [id, '--json']);
      const { store } = run.json() as { store: { options: { name: string; description: string }[] } };
      for (const { name, description } of store.options) {
        expect(words).toContain(`${name} (`);
        expect(description, `${name} has a description`).not.toBe('');
      }
    },
  );

  test('gives name, type, default and description of an option, from the schema', async () => {
    const run = await runCommand(StoresShow, 'stores:show', ['dotenv', '--json']);
    expect(run.json()).toMatchObject({
      store: {
        options: expect.arrayContaining([
          {
            name: 'root',
            type: 'string',
            required: false,
            default: '.',
            description: expect.stringContaining('Folder'),
          },
        ]),
      },
    });
  });

  test('says NOT_FOUND, and the nearest name, for a store that does not exist', async () => {
    const { stderr, exitCode } = await runCommand(StoresShow, 'stores:show', ['dotnev']);
    expect(stderr).toContain('[NOT_FOUND] store dotnev was not found');
    expect(stderr).toContain('Did you mean dotenv?');
    expect(exitCode).toBe(1);
  });

  test('does not take a name of Object for a store', async () => {
    const { stderr } = await runCommand(StoresShow, 'stores:show', ['constructor']);
    expect(stderr).toContain('[NOT_FOUND]');
  });
});
