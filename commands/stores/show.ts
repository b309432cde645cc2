import { string as stringArg } from '@oclif/core/args';
import { storeFacts } from '../../src/app/catalog-facts.ts';
import { type ShownPlugin, showCatalogEntry } from '../../src/app/catalog-show.ts';
import { knownPlugins } from '../../src/app/known-plugins.ts';
import { CatalogCommand } from '../../src/ui/catalog-command.ts';

export default class StoresShow extends CatalogCommand {
  static override summary = 'Show what a store can do, what a target means in it, and its options.';
  static override description =
    'The options are those of its schema, as they stand in the config beside `type: ID`.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> dotenv',
    '<%= config.bin %> <%= command.id %> dotenv --json',
    '<%= config.bin %> <%= command.id %> dotenv --config rotation.config.yaml',
    '<%= config.bin %> <%= command.id %> dotenv --no-color',
  ];
  static override args = {
    id: stringArg({ required: true, ignoreStdin: true, description: 'Its id, as `stores list` shows it.' }),
  };

  async run(): Promise<{ store: ShownPlugin<'stores'> }> {
    const { args, flags } = await this.parse(StoresShow);
    const store = await showCatalogEntry(await knownPlugins(flags.config), 'stores', args.id);
    this.logPage({
      ...store,
      sections: [
        { title: 'Capabilities', lines: storeFacts(store) },
        {
          title: 'Target',
          lines: [
            ['ref', store.slot.ref],
            ['field', store.slot.field],
          ],
        },
      ],
    });
    return { store };
  }
}
