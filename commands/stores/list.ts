import { yesOrNo } from '../../src/app/catalog-facts.ts';
import { type ListedPlugin, listCatalog } from '../../src/app/catalog-list.ts';
import { knownPlugins } from '../../src/app/known-plugins.ts';
import { CatalogCommand } from '../../src/ui/catalog-command.ts';

export default class StoresList extends CatalogCommand {
  static override summary = 'List the kinds of secret store keyturn can push to.';
  static override description =
    `READ says whether a pushed value can be read back, CAS whether a write based on an old version is refused.

RESTORE is how a rollback brings the old value back: by the version the store kept, by writing the sealed value, or not at all.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
    '<%= config.bin %> <%= command.id %> --config rotation.config.yaml',
    '<%= config.bin %> <%= command.id %> --no-color',
  ];

  async run(): Promise<{ stores: ListedPlugin<'stores'>[] }> {
    const { flags } = await this.parse(StoresList);
    const stores = await listCatalog(await knownPlugins(flags.config), 'stores');
    this.logTable(
      [
        { title: 'ID' },
        { title: 'TITLE', flexible: true },
        { title: 'READ' },
        { title: 'CAS' },
        { title: 'RESTORE' },
        { title: 'MAX BYTES', align: 'right' },
      ],
      stores.map(({ id, title, capabilities }) => [
        id,
        title,
        yesOrNo(capabilities.readable),
        yesOrNo(capabilities.cas),
        capabilities.restore,
        capabilities.maxBytes?.toString() ?? '-',
      ]),
    );
    return { stores };
  }
}
