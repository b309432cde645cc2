import { string as stringArg } from '@oclif/core/args';
import { type ShownPlugin, showCatalogEntry } from '../../src/app/catalog-show.ts';
import { knownPlugins } from '../../src/app/known-plugins.ts';
import { CatalogCommand } from '../../src/ui/catalog-command.ts';

export default class ReloadsShow extends CatalogCommand {
  static override summary = 'Show what a reload does, and its options.';
  static override description =
    'The options are those of its schema, as they stand in the config beside `type: ID`.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> command',
    '<%= config.bin %> <%= command.id %> command --json',
    '<%= config.bin %> <%= command.id %> command --config rotation.config.yaml',
    '<%= config.bin %> <%= command.id %> command --no-color',
  ];
  static override args = {
    id: stringArg({ required: true, ignoreStdin: true, description: 'Its id, as `reloads list` shows it.' }),
  };

  async run(): Promise<{ reload: ShownPlugin<'reloads'> }> {
    const { args, flags } = await this.parse(ReloadsShow);
    const reload = await showCatalogEntry(await knownPlugins(flags.config), 'reloads', args.id);
    this.logPage({ ...reload, sections: [] });
    return { reload };
  }
}
