import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PJSON } from '@oclif/core/interfaces';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Home } from '../../src/start/home.ts';
import { main } from '../../src/start/main.ts';

const OCLIF = createRequire(import.meta.url).resolve('@oclif/core/command');

/** A package with a few small commands. */
const COMMANDS = `
const { Command } = require(${JSON.stringify(OCLIF)});
class Greet extends Command { async run() { await this.parse(Greet); this.log('hello'); } }
class Stop extends Command { async run() { await this.parse(Stop); this.exit(4); } }
class Fall extends Command { async run() { await this.parse(Fall); throw new Error('it fell'); } }
class Word extends Command { async run() { await this.parse(Word); throw 'a word'; } }
class Wait extends Command { async run() { await this.parse(Wait); await new Promise(() => {}); } }
exports.COMMANDS = { wait: Wait, word: Word, greet: Greet, 'stores:list': Greet, stop: Stop, fall: Fall };
exports.NONE = {};
`;

let root: string;
let out: string;
let err: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'keyturn-start-'));
  await writeFile(join(root, 'commands.cjs'), COMMANDS);
  await writeFile(join(root, 'package.json'), JSON.stringify(pjson('COMMANDS')));
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(() => {
  [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

function pjson(identifier: string): PJSON {
  const commands = { strategy: 'explicit', target: './commands.cjs', identifier } as const;
  return { name: 'keyturn', version: '1.2.3', oclif: { bin: 'keyturn', topicSeparator: ' ', commands } };
}

/** The exit code of a command line. */
async function run(argv: readonly string[], identifier = 'COMMANDS'): Promise<number | string | undefined> {
  const home: Home = { root, pjson: pjson(identifier) };
  await main(argv, home);
  return process.exitCode ?? undefined;
}

test('a command is run', async () => {
  expect(await run(['greet'])).toBeUndefined();
  expect(out).toBe('hello\n');
  expect(err).toBe('');
});

test('an exit code that a command has chosen is kept without a word', async () => {
  expect(await run(['stop'])).toBe(4);
  expect(out + err).toBe('');
});

test('an error before or beside a command is shown as every error is', async () => {
  expect(await run(['fall'])).toBe(1);
  expect(err).toContain('Error [INTERNAL]');
  expect(err).toContain('it fell');
  expect(await run(['word'])).toBe(1);
  expect(err).toContain('a word');
  expect(out).toBe('');
});

test('an unknown command is a mistake on the command line, with the nearest that there is', async () => {
  expect(await run(['stores', 'lst'])).toBe(2);
  expect(err).toContain('there is no command `stores lst`');
  expect(err).toContain('Did you mean `keyturn stores list`?');
});

test('with --json it is JSON on stdout', async () => {
  expect(await run(['gret', '--json'])).toBe(2);
  expect(JSON.parse(out)).toMatchObject({
    error: { code: 'CONFIG_INVALID', hint: expect.stringContaining('`keyturn greet`') },
  });
  expect(err).toBe('');
});

test('where there are no commands none is suggested', async () => {
  expect(await run(['greet'], 'NONE')).toBe(2);
  expect(err).toContain('Run `keyturn --help` to see them all.');
  expect(err).not.toContain('Did you mean');
});

test.each([[['wait']], [['wait', '--json']]])(
  'one that ends before it is done is no success: %j',
  async (argv) => {
    const before = process.listeners('exit');
    void run(argv);
    const [atExit, ...more] = process.listeners('exit').filter((each) => !before.includes(each));
    expect(more).toEqual([]);
    // As Node does, with nothing left to wait for.
    atExit?.call(process, 0);
    if (atExit !== undefined) process.off('exit', atExit);
    expect(process.exitCode).toBe(1);
    const told = argv.includes('--json') ? JSON.stringify(JSON.parse(out)) : err;
    expect(told).toContain('INTERNAL');
    expect(told).toContain('keyturn resume');
  },
);

test('one that is done leaves nothing behind that speaks at the exit', async () => {
  const before = process.listeners('exit');
  await run(['greet']);
  await run(['fall']);
  expect(process.listeners('exit')).toEqual(before);
});
