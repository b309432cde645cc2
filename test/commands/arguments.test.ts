import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '@oclif/core';
import { globSync } from 'tinyglobby';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../commands');

describe.each(globSync('**/*.ts', { cwd: folder }))('%s', (file) => {
  // oclif fills a missing argument from stdin: with `--new-key-stdin` the new key would be a name, and be printed.
  test('never takes an argument from stdin', async () => {
    const { default: command } = (await import(pathToFileURL(join(folder, file)).href)) as {
      default: Command.Class;
    };
    for (const [name, argument] of Object.entries(command.args))
      expect(argument.ignoreStdin, `argument ${name}`).toBe(true);
  });
});
