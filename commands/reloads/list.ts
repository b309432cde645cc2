import { type ListedPlugin, listCatalog } from '../../src/app/catalog-list.ts';
import { knownPlugins } from '../../src/app/known-plugins.ts';
import { CatalogCommand } from '../../src/ui/catalog-command.ts';

export default class ReloadsList extends CatalogCommand {
  static override summary = 'List the ways a service can be made to take up a new key.';
  static override description =
    `A reload runs after the push and before the checks, and is safe to run twice.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
    '<%= config.bin %> <%= command.id %> --config rotation.config.yaml',
    '<%= config.bin %> <%= command.id %> --no-color',
  ];

  async run(): Promise<{ reloads: ListedPlugin<'reloads'>[] }> {
    const { flags } = await this.parse(ReloadsList);
    const reloads = await listCatalog(await knownPlugins(flags.config), 'reloads');
    this.logTable(
      [{ title: 'ID' }, { title: 'TITLE' }, { title: 'SUMMARY', flexible: true }],
      reloads.map(({ id, title, summary }) => [id, title, summary]),
    );
    return { reloads };
  }
}
