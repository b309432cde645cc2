import { join } from 'node:path';
import { string as stringArg } from '@oclif/core/args';
import { string as stringFlag } from '@oclif/core/flags';
import type { CreatedPlugin } from '../../src/app/create-plugin/create-plugin.ts';
import { shellWord } from '../../src/ui/next-command.ts';
import { PlainCommand } from '../../src/ui/plain-command.ts';

export default class StoresCreatePlugin extends PlainCommand {
  static override summary = 'Write a new plug-in for a store of your own.';
  static override description =
    `A package with a schema, an emulator and tests: a store of one value a URL that passes the whole suite from the first minute. Then make it speak to your system.

It never overwrites anything.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> keyturn-store-x',
    '<%= config.bin %> <%= command.id %> @acme/keyturn-store-x --dir plugins/x',
    '<%= config.bin %> <%= command.id %> keyturn-store-x --json',
    '<%= config.bin %> <%= command.id %> keyturn-store-x --no-color',
  ];
  static override args = {
    name: stringArg({
      required: true,
      ignoreStdin: true,
      description: 'Of the package; what follows `keyturn-store-` is the `type` in a config.',
    }),
  };
  static override flags = {
    dir: stringFlag({
      summary: 'Where it goes, in place of a folder with the name of the package.',
      helpValue: 'DIR',
    }),
  };

  async run(): Promise<{ plugin: CreatedPlugin; next: string }> {
    const { args, flags } = await this.parse(StoresCreatePlugin);
    const { createPlugin } = await import('../../src/app/create-plugin/create-plugin.ts');
    const { version } = this.config;
    const plugin = await createPlugin({ name: args.name, folder: flags.dir, version });
    const next = `cd ${shellWord(plugin.folder)} && npm install && npm test`;
    this.log('Written:');
    for (const file of plugin.files) this.log('  %s', join(plugin.folder, file));
    this.log('Next: %s', next);
    this.log(
      'Then name it in a config: plugins: ["%s"]; its store has `type: %s`.',
      plugin.module,
      plugin.id,
    );
    return { plugin, next };
  }
}
