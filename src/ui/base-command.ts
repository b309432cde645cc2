import { string as stringFlag } from '@oclif/core/flags';
import { outputFlags, PlainCommand } from './plain-command.ts';

/** Where the inventory is when nothing else is said. */
export const DEFAULT_CONFIG = 'rotation.config.yaml';

/** What a command that reads the inventory has in common with all others. */
export const commonFlags = {
  config: stringFlag({
    char: 'c',
    summary: 'The inventory to read.',
    default: DEFAULT_CONFIG,
    env: 'KEYTURN_CONFIG',
    helpValue: 'PATH',
    helpGroup: 'GLOBAL',
  }),
  ...outputFlags,
};

/** The base of every command that works on a config; see {@link PlainCommand} for what it does. */
export abstract class KeyturnCommand extends PlainCommand {
  static override baseFlags = commonFlags;
}
