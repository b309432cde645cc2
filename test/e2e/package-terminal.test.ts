import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PackedPackage, packPackage } from './support/packed-package.ts';

const SLOW = { OCLIF_COLUMNS: '80' };

/** What a terminal of that type and width receives. */
async function onTerminal(
  folder: string,
  argv: readonly string[],
  { cols, env }: { cols: number; env: Readonly<Record<string, string>> },
): Promise<string> {
  const terminal = spawn(process.execPath, [join(folder, 'bin/run.js'), ...argv], {
    cols,
    rows: 24,
    env: { HOME: folder, ...env },
  });
  let text = '';
  terminal.onData((piece) => {
    text += piece;
  });
  await new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  return text;
}

describe('on a terminal, the package says without oclif what oclif would say', () => {
  let built: PackedPackage;

  beforeAll(async () => {
    built = await packPackage();
  }, 120_000);

  afterAll(async () => {
    await built.remove();
  });

  const environments: readonly Readonly<Record<string, string>>[] = [
    { TERM: 'xterm-256color' },
    { TERM: 'screen-256color' },
    { TERM: 'xterm-256color', COLORTERM: 'truecolor' },
    { TERM: 'xterm-256color', NO_COLOR: '1' },
    { TERM: 'xterm-256color', FORCE_COLOR: '0' },
    { TERM: 'xterm-256color', CI: 'true' },
    { TERM: 'dumb' },
    {},
  ];

  test.each(environments)('--help with %j, narrow and wide', async (env) => {
    for (const cols of [80, 200]) {
      const fast = await onTerminal(built.folder, ['--help'], { cols, env });
      const slow = await onTerminal(built.folder, ['--help'], { cols, env: { ...env, ...SLOW } });
      expect(fast).toBe(slow);
    }
  });

  test('in colour, where the terminal has it', async () => {
    const text = await onTerminal(built.folder, ['--help'], { cols: 80, env: { TERM: 'xterm-256color' } });
    expect(text).toContain('\u001b[1m');
  });

  test('--version', async () => {
    const env = { TERM: 'xterm-256color' };
    const fast = await onTerminal(built.folder, ['--version'], { cols: 80, env });
    expect(fast).toBe(await onTerminal(built.folder, ['--version'], { cols: 80, env: { ...env, ...SLOW } }));
  });
});
