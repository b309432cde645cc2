import { type ListedPlugin, listCatalog } from '../../src/app/catalog-list.ts';
import { knownPlugins } from '../../src/app/known-plugins.ts';
import { CatalogCommand } from '../../src/ui/catalog-command.ts';

export default class NotifiersList extends CatalogCommand {
  static override summary = 'List who can be told what becomes of a rotation.';
  static override description =
    `A notifier hears of the events it names, never of a value; when it fails, the rotation goes on.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
    '<%= config.bin %> <%= command.id %> --config rotation.config.yaml',
    '<%= config.bin %> <%= command.id %> --no-color',
  ];

  async run(): Promise<{ notifiers: ListedPlugin<'notifiers'>[] }> {
    const { flags } = await this.parse(NotifiersList);
    const notifiers = await listCatalog(await knownPlugins(flags.config), 'notifiers');
    this.logTable(
      [{ title: 'ID' }, { title: 'TITLE' }, { title: 'SUMMARY', flexible: true }],
      notifiers.map(({ id, title, summary }) => [id, title, summary]),
    );
    return { notifiers };
  }
}
