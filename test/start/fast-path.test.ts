import { existsSync, readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AGENT, type StaticText, staticAnswer } from '../../src/start/fast-path.ts';

vi.mock('node:tty', async (original) => ({ ...(await original<object>()), isatty: vi.fn() }));
vi.mock('node:fs', async (original) => ({
  ...(await original<object>()),
  existsSync: vi.fn(),
  readFileSync: vi.fn(),
}));

const TEXT: StaticText = {
  product: 'keyturn/1.2.3',
  plainHelp: `VERSION\n  ${AGENT}\n`,
  colourHelp: `*VERSION*\n  ${AGENT}\n`,
};
const agent = (platform: string): string =>
  `keyturn/1.2.3 ${platform}-${process.arch} node-${process.version}`;

function pretendPlatform(value: string): void {
  vi.spyOn(process, 'platform', 'get').mockReturnValue(value as NodeJS.Platform);
}

beforeEach(() => {
  // The whole environment decides: each test begins with none.
  for (const name of Object.keys(process.env)) vi.stubEnv(name, undefined);
  pretendPlatform('linux');
  vi.mocked(isatty).mockReturnValue(false);
  vi.mocked(existsSync).mockReturnValue(false);
  vi.mocked(readFileSync).mockReturnValue('Linux version 6.1 (gcc)');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.clearAllMocks();
});

describe('an answer without oclif', () => {
  it('is the version, or the help with the agent put in', () => {
    expect(staticAnswer(['--version'], TEXT)).toBe(`${agent('linux')}\n`);
    for (const argv of [[], ['--help'], ['-h']]) {
      expect(staticAnswer(argv, TEXT)).toBe(`VERSION\n  ${agent('linux')}\n`);
    }
  });

  it('is not given to anything else', () => {
    for (const argv of [['plan'], ['help'], ['-v'], ['--version', '--json'], ['--help', 'plan'], ['']]) {
      expect(staticAnswer(argv, TEXT)).toBeUndefined();
    }
  });

  it('is not given while the build asks for it', () => {
    expect(staticAnswer(['--help'], { ...TEXT, plainHelp: '' })).toBeUndefined();
  });

  it.each(['OCLIF_HELP_OPTIONS', 'DEBUG', 'KEYTURN_DEBUG'])('is left to oclif when %s is set', (name) => {
    vi.stubEnv(name, '1');
    expect(staticAnswer(['--version'], TEXT)).toBeUndefined();
  });
});

describe('where the platform is not what it seems', () => {
  it('Windows is left to oclif', () => {
    pretendPlatform('win32');
    expect(staticAnswer(['--version'], TEXT)).toBeUndefined();
  });

  it('a Linux inside Windows is left to oclif, by its kernel or by its mount', () => {
    vi.mocked(readFileSync).mockReturnValueOnce('Linux version 5.15-Microsoft-standard');
    expect(staticAnswer(['--version'], TEXT)).toBeUndefined();
    vi.mocked(existsSync).mockReturnValueOnce(true);
    expect(staticAnswer(['--version'], TEXT)).toBeUndefined();
  });

  it('a Linux that does not tell its kernel is left to oclif', () => {
    vi.mocked(readFileSync).mockImplementationOnce(() => {
      throw new Error('ENOENT');
    });
    expect(staticAnswer(['--version'], TEXT)).toBeUndefined();
  });

  it('elsewhere nobody looks for a kernel', () => {
    pretendPlatform('darwin');
    expect(staticAnswer(['--version'], TEXT)).toBe(`${agent('darwin')}\n`);
    expect(readFileSync).not.toHaveBeenCalled();
  });
});

describe('colour', () => {
  const help = (): string | undefined => staticAnswer(['--help'], TEXT);
  const COLOURED = `*VERSION*\n  ${agent('linux')}\n`;

  it('is for a terminal that certainly has it, on both streams', () => {
    vi.mocked(isatty).mockReturnValue(true);
    for (const term of ['xterm-256color', 'screen-256color', 'tmux-256color', 'rxvt-256color']) {
      vi.stubEnv('TERM', term);
      expect(help()).toBe(COLOURED);
    }
    vi.mocked(isatty).mockImplementation((stream) => stream === 1);
    expect(help()).toBe(`VERSION\n  ${agent('linux')}\n`);
  });

  it.each(['xterm', 'dumb', 'linux-256colors', undefined])(
    'is decided by oclif on the terminal %s',
    (term) => {
      vi.mocked(isatty).mockReturnValue(true);
      vi.stubEnv('TERM', term);
      expect(help()).toBeUndefined();
    },
  );

  it.each(['NO_COLOR', 'CI', 'TEAMCITY_VERSION', 'TERM_PROGRAM', 'FORCE_COLOR'])(
    'is decided by oclif when %s is set',
    (name) => {
      vi.mocked(isatty).mockReturnValue(true);
      vi.stubEnv('TERM', 'xterm-256color');
      vi.stubEnv(name, '');
      expect(help()).toBeUndefined();
    },
  );
});
