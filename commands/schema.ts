import { string as stringFlag } from '@oclif/core/flags';
import type { JsonObject } from '../src/core/json.ts';
import { CatalogCommand } from '../src/ui/catalog-command.ts';

export default class Schema extends CatalogCommand {
  static override summary = 'Print the JSON Schema of rotation.config.yaml, for editors.';
  static override description =
    `Name it in the first line of the config: # yaml-language-server: $schema=./keyturn.schema.json`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --out keyturn.schema.json',
    '<%= config.bin %> <%= command.id %> --config rotation.config.yaml --out keyturn.schema.json',
  ];
  static override flags = {
    out: stringFlag({ summary: 'Write it to a file in place of stdout.', helpValue: 'FILE' }),
  };

  async run(): Promise<JsonObject> {
    const { flags } = await this.parse(Schema);
    const { jsonSchema, writeJsonSchema } = await import('../src/app/json-schema.ts');
    const schema = await jsonSchema(flags.config);
    if (flags.out === undefined) this.log('%s', JSON.stringify(schema, null, 2));
    else {
      await writeJsonSchema(flags.out, schema);
      this.logToStderr(`Written to ${flags.out}.`);
    }
    return schema;
  }
}
