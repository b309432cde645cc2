import { string as stringArg } from '@oclif/core/args';
import { type ShownPlugin, showCatalogEntry } from '../../src/app/catalog-show.ts';
import { knownPlugins } from '../../src/app/known-plugins.ts';
import { CatalogCommand } from '../../src/ui/catalog-command.ts';

export default class NotifiersShow extends CatalogCommand {
  static override summary = 'Show what a notifier sends, and its options.';
  static override description =
    'The options are those of its schema, as they stand in the config beside `type: ID`.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> slack',
    '<%= config.bin %> <%= command.id %> slack --json',
    '<%= config.bin %> <%= command.id %> slack --config rotation.config.yaml',
    '<%= config.bin %> <%= command.id %> slack --no-color',
  ];
  static override args = {
    id: stringArg({
      required: true,
      ignoreStdin: true,
      description: 'Its id, as `notifiers list` shows it.',
    }),
  };

  async run(): Promise<{ notifier: ShownPlugin<'notifiers'> }> {
    const { args, flags } = await this.parse(NotifiersShow);
    const notifier = await showCatalogEntry(await knownPlugins(flags.config), 'notifiers', args.id);
    this.logPage({ ...notifier, sections: [] });
    return { notifier };
  }
}
