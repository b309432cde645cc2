import { string as stringArg } from '@oclif/core/args';
import { issuerFacts } from '../../src/app/catalog-facts.ts';
import { type ShownPlugin, showCatalogEntry } from '../../src/app/catalog-show.ts';
import { knownPlugins } from '../../src/app/known-plugins.ts';
import { CatalogCommand } from '../../src/ui/catalog-command.ts';

export default class IssuersShow extends CatalogCommand {
  static override summary = 'Show what an issuer can do, and its options.';
  static override description =
    'The options are those of its schema, as they stand in the config beside `type: ID`.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> postman',
    '<%= config.bin %> <%= command.id %> postman --json',
    '<%= config.bin %> <%= command.id %> postman --config rotation.config.yaml',
    '<%= config.bin %> <%= command.id %> postman --no-color',
  ];
  static override args = {
    id: stringArg({ required: true, ignoreStdin: true, description: 'Its id, as `issuers list` shows it.' }),
  };

  async run(): Promise<{ issuer: ShownPlugin<'issuers'> }> {
    const { args, flags } = await this.parse(IssuersShow);
    const issuer = await showCatalogEntry(await knownPlugins(flags.config), 'issuers', args.id);
    this.logPage({ ...issuer, sections: [{ title: 'Capabilities', lines: issuerFacts(issuer) }] });
    return { issuer };
  }
}
