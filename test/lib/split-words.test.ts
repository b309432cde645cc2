import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/lib/process/split-words.ts';

/** What a real shell makes of the same line. */
function shellWords(line: string): string[] {
  const out = execFileSync('sh', ['-c', `set -f; printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return out.split('\0').slice(0, -1);
}

describe('a command line', () => {
  it.each([
    'op read op://vault/item/field',
    '  a   b\tc ',
    `'single quoted $HOME' "double quoted" bare`,
    `a'b c'd"e f"g`,
    `"" ''`,
    `"say \\"hi\\" \\\\ \\n"`,
    `a\\ b \\"c\\" \\'d`,
    `'it'\\''s'`,
    `--flag="a b"`,
    `"it's"`,
  ])('%s is split as a shell does', (line) => {
    expect(splitWords(line)).toEqual(shellWords(line));
  });

  it('expands, substitutes and chains nothing', () => {
    expect(splitWords('echo $HOME $(id) `id` *; rm -rf / && x | y > z')).toEqual(
      'echo $HOME $(id) `id` *; rm -rf / && x | y > z'.split(' '),
    );
  });

  it.each([`"open`, `'open`, 'trailing\\', `a "b\\"`])('%s is refused', (line) => {
    expect(splitWords(line)).toBeUndefined();
  });
});
