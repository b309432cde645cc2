import { string as stringFlag } from '@oclif/core/flags';
import { outputFlags, PlainCommand } from './plain-command.ts';

/** The base of commands that look at plug-ins: without a config, at those that come with keyturn. */
export abstract class CatalogCommand extends PlainCommand {
  static override baseFlags = {
    config: stringFlag({
      char: 'c',
      summary: 'Also look at the plug-ins by others that this inventory names.',
      helpValue: 'PATH',
      helpGroup: 'GLOBAL',
    }),
    ...outputFlags,
  };
}
