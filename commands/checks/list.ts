import { type ListedPlugin, listCatalog } from '../../src/app/catalog-list.ts';
import { knownPlugins } from '../../src/app/known-plugins.ts';
import { CatalogCommand } from '../../src/ui/catalog-command.ts';

export default class ChecksList extends CatalogCommand {
  static override summary = 'List the kinds of smoke check a service can have.';
  static override description = `A check proves that a service works with the key it is expected to use.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
    '<%= config.bin %> <%= command.id %> --config rotation.config.yaml',
    '<%= config.bin %> <%= command.id %> --no-color',
  ];

  async run(): Promise<{ checks: ListedPlugin<'checks'>[] }> {
    const { flags } = await this.parse(ChecksList);
    const checks = await listCatalog(await knownPlugins(flags.config), 'checks');
    this.logTable(
      [{ title: 'ID' }, { title: 'TITLE' }, { title: 'SUMMARY', flexible: true }],
      checks.map(({ id, title, summary }) => [id, title, summary]),
    );
    return { checks };
  }
}
