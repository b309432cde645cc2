import { describe, expect, test } from 'vitest';
import { type DescribedCommand, describeCommands } from '../../scripts/docs/commands-page.ts';
import { splitWords } from '../../src/lib/process/split-words.ts';
import { codeBlocks, writtenFiles } from './markdown-files.ts';

const commands = await describeCommands();

/** Every command that drives a rotation takes these; where they are of no use, no example pretends otherwise. */
const OF_NO_USE: Readonly<Record<string, readonly string[]>> = {
  approve: ['progress', 'new-key-stdin'],
  rollback: ['wait'],
};

/** Flags that all commands share are shown once, in the reference. */
function ownFlags(command: DescribedCommand): string[] {
  return Object.values(command.flags)
    .filter((flag) => flag.helpGroup !== 'GLOBAL')
    .map((flag) => flag.name);
}

/** The command a line begins with, by its longest name, and what follows it. */
function understand(line: string): { command: DescribedCommand; words: readonly string[] } | undefined {
  const words = splitWords(line) ?? [];
  const command = commands
    .filter(({ name }) => name.split(' ').every((word, index) => words[index] === word))
    .sort((a, b) => b.name.length - a.name.length)[0];
  return command === undefined ? undefined : { command, words: words.slice(command.name.split(' ').length) };
}

/** Undefined when oclif would take the line; else what is wrong with it. */
function mistakeIn(line: string): string | undefined {
  const understood = understand(line);
  if (understood === undefined) return /^--(help|version)$/.test(line) ? undefined : 'no such command';
  const { command, words } = understood;
  const unknown = words
    .filter((word) => /^--?[a-z]/.test(word))
    .map((word) => word.replace(/^-+/, '').split('=')[0] ?? '')
    .filter(
      (name) =>
        name !== 'help' &&
        !Object.values(command.flags).some((flag) => [flag.name, flag.char].includes(name)),
    );
  return unknown.length === 0 ? undefined : `no such flag: ${unknown.join(', ')}`;
}

/** Every `keyturn …` in code, without what a shell makes of the rest of the line. */
function commandLines(text: string): string[] {
  const blocks = codeBlocks(text, 'sh', 'text').flatMap((block) => block.split('\n'));
  const inline = [...text.replace(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, code]) => code ?? '',
  );
  return [...blocks, ...inline].flatMap((line) => {
    const found = /(?:^|\| |\$ |&& )keyturn ([^|<>&]+)/.exec(line.replace(/\s#\s.*$/, ''));
    return found?.[1] === undefined ? [] : [found[1].trim()];
  });
}

describe.each(commands)('keyturn $name', (command) => {
  test('is described, and has an example', () => {
    expect(command.summary).toMatch(/^[A-Z].*\.$/);
    expect(command.examples).not.toEqual([]);
  });

  test('shows each of its own flags in one of its examples', () => {
    const shown = new Set(command.examples.flatMap((example) => example.match(/--[a-z-]+/g) ?? []));
    const missing = ownFlags(command).filter((flag) => !shown.has(`--${flag}`));
    expect(missing).toEqual(OF_NO_USE[command.name] ?? []);
  });

  test('has examples that it would take', () => {
    const lines = command.examples.flatMap((example) => /keyturn ([^|<>]+)/.exec(example)?.[1]?.trim() ?? []);
    expect(lines.map((line) => ({ line, mistake: mistakeIn(line) }))).toEqual(
      command.examples.map((_example, index) => ({ line: lines[index], mistake: undefined })),
    );
  });
});

test('the flags of every command are shown somewhere', () => {
  const shown = commands.flatMap(({ examples }) => examples).join('\n');
  for (const flag of ['--json', '--config', '--no-color']) expect(shown).toContain(flag);
});

describe('what the documents tell to type', () => {
  test.each(writtenFiles())('exists: $path', ({ text }) => {
    const wrong = commandLines(text)
      .map((line) => ({ line, mistake: mistakeIn(line) }))
      .filter(({ mistake }) => mistake !== undefined);
    expect(wrong).toEqual([]);
  });

  test('is understood: a command or flag that does not exist is seen', () => {
    expect(mistakeIn('rotatee postman-ci')).toBe('no such command');
    expect(mistakeIn('rotate postman-ci --dry-run')).toBe('no such flag: dry-run');
    expect(commandLines('```sh\npbpaste | keyturn resume ID --due   # cron\n```')).toEqual([
      'resume ID --due',
    ]);
  });
});
