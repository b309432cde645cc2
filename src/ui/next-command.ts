import { DEFAULT_CONFIG } from './base-command.ts';

/** Needs no quotes in a shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A command that finds the same inventory: one that was named with `--config` is named again. */
export function withSameConfig(command: string, config: string): string {
  if (config === (process.env['KEYTURN_CONFIG'] ?? DEFAULT_CONFIG)) return command;
  return `${command} --config ${shellWord(config)}`;
}

/** In quotes where a shell would make something else of it. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
