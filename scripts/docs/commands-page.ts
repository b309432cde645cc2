import { join } from 'node:path';
import { commandFiles, commandId } from '../build/command-files.ts';
import { ROOT } from '../build/root.ts';
import { anchorOf, code, table } from './markdown.ts';
import { type Page, page } from './page.ts';

/** What the manifest keeps of a flag. */
export interface CommandFlag {
  readonly name: string;
  readonly char?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly env?: string;
  readonly helpGroup?: string;
  readonly helpValue?: string;
  readonly options?: readonly string[];
  readonly default?: unknown;
  readonly multiple?: boolean;
  readonly type: 'boolean' | 'option';
}

interface CommandArgument {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
}

export interface DescribedCommand {
  /** As it is typed: `stores list`. */
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly args: Readonly<Record<string, CommandArgument>>;
  readonly flags: Readonly<Record<string, CommandFlag>>;
  /** As they are typed. */
  readonly examples: readonly string[];
}

/** What a command class says of itself; a flag's name is its key. */
interface CommandClass extends Omit<DescribedCommand, 'name' | 'flags' | 'args'> {
  readonly args?: Readonly<Record<string, Omit<CommandArgument, 'name'>>>;
  readonly enableJsonFlag: boolean;
  readonly baseFlags: Readonly<Record<string, Omit<CommandFlag, 'name'>>>;
  readonly flags?: Readonly<Record<string, Omit<CommandFlag, 'name'>>>;
}

/** Every command, by name, from its class. */
export async function describeCommands(): Promise<DescribedCommand[]> {
  const commands = await Promise.all(commandFiles().map(describeCommand));
  return commands.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function describeCommand(file: string): Promise<DescribedCommand> {
  const module = (await import(join(ROOT, 'commands', file))) as { readonly default: CommandClass };
  const { summary, description, examples, args = {}, enableJsonFlag, baseFlags, flags = {} } = module.default;
  const name = commandId(file).replaceAll(':', ' ');
  return {
    name,
    summary,
    ...(description === undefined ? {} : { description }),
    args: named(args),
    flags: named({ ...(enableJsonFlag ? JSON_FLAG : {}), ...baseFlags, ...flags }),
    examples: examples.map((example) => typed(example, name)),
  };
}

/** oclif adds it by itself. */
const JSON_FLAG = {
  json: { type: 'boolean', helpGroup: 'GLOBAL', summary: 'Print the answer as JSON.' },
} as const;

function named<T extends object>(
  definitions: Readonly<Record<string, T>>,
): Record<string, T & { readonly name: string }> {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, { ...definition, name }]),
  );
}

function typed(example: string, name: string): string {
  return example.replace('<%= config.bin %>', 'keyturn').replace('<%= command.id %>', name);
}

export async function commandsPage(): Promise<Page> {
  const commands = await describeCommands();
  const list = commands.map(({ name, summary }) => [`[${code(name)}](#${anchorOf(name)})`, summary]);
  return page('commands.md', [
    '# Commands',
    'Answers go to stdout, progress and questions to stderr. Without a terminal, or with `--no-prompt`, nothing is asked.\nEvery command exits with one of the [exit codes](../exit-codes.md).',
    table(['Command', ''], list),
    ...commands.flatMap(commandBlocks),
    '## Flags of every command',
    'All commands take these. Those about plug-ins (`stores`, `issuers`, `checks`, `reloads`, `notifiers`, `schema`) read an inventory only where `--config` names one, for the plug-ins by others in it; `stores create-plugin` reads none.',
    flagTable(globalFlags(commands)),
  ]);
}

function commandBlocks(command: DescribedCommand): string[] {
  const args = Object.values(command.args).map(({ name, required, description }) => [
    code(name.toUpperCase()),
    required === true ? 'required' : 'optional',
    description ?? '',
  ]);
  const own = Object.values(command.flags).filter((flag) => flag.helpGroup !== 'GLOBAL');
  return [
    `## ${command.name}`,
    command.summary,
    command.description ?? '',
    table(['Argument', '', 'Meaning'], args),
    flagTable(own),
    `\`\`\`sh\n${command.examples.join('\n')}\n\`\`\``,
  ];
}

function flagTable(flags: readonly CommandFlag[]): string {
  const sorted = [...flags].sort((a, b) => (a.name < b.name ? -1 : 1));
  return table(['Flag', 'Default', 'Meaning'], sorted.map(flagRow));
}

function flagRow(flag: CommandFlag): string[] {
  const value = flag.options?.join('|') ?? flag.helpValue ?? 'N';
  const spelling = `--${flag.name}${flag.type === 'option' ? ` ${value}` : ''}`;
  const notes = [
    flag.summary ?? flag.description ?? '',
    flag.multiple === true ? 'May be given more than once.' : '',
    flag.env === undefined ? '' : `The environment variable ${code(flag.env)} sets it too.`,
    flag.summary === undefined ? '' : (flag.description ?? ''),
  ];
  return [
    flag.char === undefined ? code(spelling) : `${code(`-${flag.char}`)}, ${code(spelling)}`,
    flag.default === undefined ? '-' : code(String(flag.default)),
    notes.filter((note) => note !== '').join(' '),
  ];
}

/** One of each name: where commands differ, the one with a default, which says more. */
function globalFlags(commands: readonly DescribedCommand[]): CommandFlag[] {
  const all = commands.flatMap(({ flags }) => Object.values(flags));
  const global = all.filter(({ helpGroup }) => helpGroup === 'GLOBAL');
  const withDefaultsLast = global.sort(
    (a, b) => Number(a.default !== undefined) - Number(b.default !== undefined),
  );
  return [...new Map(withDefaultsLast.map((flag) => [flag.name, flag])).values()];
}
