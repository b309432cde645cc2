import { yesOrNo } from '../../src/app/catalog-facts.ts';
import { type ListedPlugin, listCatalog } from '../../src/app/catalog-list.ts';
import { knownPlugins } from '../../src/app/known-plugins.ts';
import { CatalogCommand } from '../../src/ui/catalog-command.ts';

export default class IssuersList extends CatalogCommand {
  static override summary = 'List the kinds of issuer keyturn can make and kill keys at.';
  static override description =
    `CREATE and DEACTIVATE say who acts: keyturn through an API (api) or by itself (local), or a person in a web page (assisted).

UNDO says whether a deactivated key can be activated again, KEYS how many a principal may have.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
    '<%= config.bin %> <%= command.id %> --config rotation.config.yaml',
    '<%= config.bin %> <%= command.id %> --no-color',
  ];

  async run(): Promise<{ issuers: ListedPlugin<'issuers'>[] }> {
    const { flags } = await this.parse(IssuersList);
    const issuers = await listCatalog(await knownPlugins(flags.config), 'issuers');
    this.logTable(
      [
        { title: 'ID' },
        { title: 'TITLE', flexible: true },
        { title: 'CREATE' },
        { title: 'DEACTIVATE' },
        { title: 'UNDO' },
        { title: 'KEYS', align: 'right' },
      ],
      issuers.map(({ id, title, capabilities }) => [
        id,
        title,
        capabilities.create,
        capabilities.deactivate,
        yesOrNo(capabilities.reversible),
        capabilities.maxKeys?.toString() ?? '-',
      ]),
    );
    return { issuers };
  }
}
