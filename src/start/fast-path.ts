import { existsSync, readFileSync } from 'node:fs';
import { isatty } from 'node:tty';

/** The answers to `--version` and `--help`, made at build time from the real commands. */
export interface StaticText {
  /** `keyturn/1.2.3`, without platform and Node. */
  readonly product: string;
  /** Root help with `AGENT` where the user agent stands; empty while the build makes it. */
  readonly plainHelp: string;
  readonly colourHelp: string;
}

export const AGENT = '\u0000agent\u0000';

const HELP = new Set(['--help', '-h']);

/**
 * What oclif would print for this command line, or undefined when that takes more than a look: another command, a
 * setting that changes the answer, a platform that is not what it seems.
 */
export function staticAnswer(argv: readonly string[], text: StaticText): string | undefined {
  const [first] = argv;
  const wantsHelp = first === undefined || HELP.has(first);
  if (argv.length > 1 || (!wantsHelp && first !== '--version')) return undefined;
  if (text.plainHelp === '' || process.platform === 'win32' || isTuned() || mayBeWsl()) return undefined;

  const agent = `${text.product} ${process.platform}-${process.arch} node-${process.version}`;
  if (!wantsHelp) return `${agent}\n`;
  const colour = decideColour();
  if (colour === undefined) return undefined;
  return (colour ? text.colourHelp : text.plainHelp).replace(AGENT, agent);
}

/** Settings of oclif, and its debug output, belong to oclif. */
function isTuned(): boolean {
  return Object.keys(process.env).some(
    (name) => name.startsWith('OCLIF_') || name === 'DEBUG' || name === 'KEYTURN_DEBUG',
  );
}

/** oclif calls it `wsl`, unless it is a container; that is for oclif to find out. */
function mayBeWsl(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return (
      readFileSync('/proc/version', 'latin1').toLowerCase().includes('microsoft') || existsSync('/run/WSL')
    );
  } catch {
    return true;
  }
}

/** Decides only what is beyond doubt; undefined otherwise. oclif colours when both streams can show it. */
function decideColour(): boolean | undefined {
  const { env } = process;
  if ('FORCE_COLOR' in env) return undefined;
  if (!isatty(1) || !isatty(2)) return false;
  if ('NO_COLOR' in env || 'CI' in env || 'TEAMCITY_VERSION' in env || 'TERM_PROGRAM' in env)
    return undefined;
  return /^(xterm|screen|tmux|rxvt)-256color$/.test(env['TERM'] ?? '') ? true : undefined;
}
