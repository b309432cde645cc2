import { spawn } from '@lydell/node-pty';
import { createScreen } from './screen.ts';

export interface TerminalOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cols: number;
}

/** A program in a pseudo-terminal, and the person in front of it. */
export interface Terminal {
  /** Everything it wrote, controls included. */
  raw(): string;
  /** What is to be seen. */
  text(): string;
  lines(): string[];
  /** Resolves when the text has been seen since the last `type`; rejects when the program ends without it. */
  waitFor(text: string): Promise<void>;
  type(keys: string): void;
  /** Resolves with the exit code. */
  readonly exit: Promise<number>;
  signal(name: string): void;
  kill(): void;
}

export const ENTER = '\r';
export const CTRL_C = '\u0003';

export function openTerminal(argv: readonly string[], options: TerminalOptions): Terminal {
  const { cwd, env, cols } = options;
  const screen = createScreen(cols);
  let raw = '';
  let seenTo = 0;
  let ended = false;
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const each of woken) each();
  };
  const child = spawn(process.execPath, [...argv], { cols, rows: 50, cwd, env: { ...env } });
  child.onData((piece) => {
    raw += piece;
    screen.write(piece);
    wake();
  });
  const exit = new Promise<number>((resolve) => {
    child.onExit(({ exitCode }) => {
      ended = true;
      resolve(exitCode);
      wake();
    });
  });
  return {
    raw: () => raw,
    text: screen.text,
    lines: screen.lines,
    waitFor: async (text) => {
      for (;;) {
        // Lines are broken at the edge of the screen; a person reads on.
        if (flat(visible(raw.slice(seenTo))).includes(flat(text))) return;
        if (ended) throw new Error(`the program ended without saying "${text}":\n${screen.text()}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    type: (keys) => {
      seenTo = raw.length;
      child.write(keys);
    },
    exit,
    signal: (name) => child.kill(name),
    kill: () => child.kill('SIGKILL'),
  };
}

function visible(raw: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return raw.replaceAll(/\u001b\[[?\d;]*[A-Za-z]/g, '');
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
