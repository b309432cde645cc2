import { string as stringArg } from '@oclif/core/args';
import { type ShownPlugin, showCatalogEntry } from '../../src/app/catalog-show.ts';
import { knownPlugins } from '../../src/app/known-plugins.ts';
import { CatalogCommand } from '../../src/ui/catalog-command.ts';

export default class ChecksShow extends CatalogCommand {
  static override summary = 'Show what a smoke check does, and its options.';
  static override description =
    'The options are those of its schema, as they stand in the config beside `type: ID`.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> http',
    '<%= config.bin %> <%= command.id %> http --json',
    '<%= config.bin %> <%= command.id %> http --config rotation.config.yaml',
    '<%= config.bin %> <%= command.id %> http --no-color',
  ];
  static override args = {
    id: stringArg({ required: true, ignoreStdin: true, description: 'Its id, as `checks list` shows it.' }),
  };

  async run(): Promise<{ check: ShownPlugin<'checks'> }> {
    const { args, flags } = await this.parse(ChecksShow);
    const check = await showCatalogEntry(await knownPlugins(flags.config), 'checks', args.id);
    this.logPage({ ...check, sections: [] });
    return { check };
  }
}
