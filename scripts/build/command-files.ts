import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { ROOT } from './root.ts';

/** Paths of all command modules, relative to `commands/`, sorted. */
export function commandFiles(): string[] {
  return globSync('**/*.ts', { cwd: join(ROOT, 'commands') }).sort();
}

/** `stores/list.ts` is the command `stores:list`, `rotate.ts` and `rotate/index.ts` are `rotate`. */
export function commandId(file: string): string {
  return file
    .replace(/\.ts$/, '')
    .replace(/\/index$/, '')
    .replaceAll('/', ':');
}

/** The module oclif's explicit strategy asks for: each command is loaded when, and only when, it is looked at. */
export function commandMap(files: readonly string[]): string {
  const getters = files.map((file) => {
    const path = `./commands/${file.replace(/\.ts$/, '.cjs')}`;
    return `  get '${commandId(file)}'() { return require('${path}').default; },`;
  });
  return `(function (exports, require) {\nexports.COMMANDS = {\n${getters.join('\n')}\n};\n})`;
}
