import { type ChildProcess, spawn } from 'node:child_process';
import { collectOutput } from './collect-output.ts';

export interface CommandRun {
  /** Program and arguments; no shell. Never holds a secret: arguments are visible to every user of the machine. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface CommandOutcome {
  /** Null when the program was ended by a signal. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Output was longer than we keep; its end is missing. */
  readonly truncated: boolean;
  readonly timedOut: boolean;
  readonly aborted: boolean;
  /** Set when the program could not be started at all. */
  readonly startError?: string;
}

/** Variables a child gets besides its own `env`; the rest of our environment may hold other people's secrets. */
const PASSED_ON = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

/** From the polite request to end until the impolite one. */
const GRACE_MS = 2000;

/** What a program that has ended may still have in its pipes; a daemon it left behind holds them open for ever. */
const DRAIN_MS = 250;

/** What we may not end (`sudo` made it another user's) is left to itself: nobody waits for it beyond its time. */
const GIVE_UP_MS = 1000;

/** Runs a program to its end. Never throws for what the program does; the outcome says it all. */
export async function runCommand(run: CommandRun): Promise<CommandOutcome> {
  if (run.signal.aborted) return { ...NOTHING, aborted: true };
  const child = start(run);
  if (typeof child === 'string') return { ...NOTHING, startError: child };

  const output = collectOutput(child);
  child.stdin?.on('error', () => {});
  child.stdin?.end(run.stdin ?? '');

  const { ended, giveUp } = ending(child);
  let stopped: 'timedOut' | 'aborted' | undefined;
  const stop = (why: 'timedOut' | 'aborted'): void => {
    // It has ended by itself; what still lives in its group is a daemon it was asked to start.
    if (child.exitCode !== null || child.signalCode !== null) return;
    stopped ??= why;
    endGroup(child, giveUp);
  };
  const onAbort = (): void => stop('aborted');
  run.signal.addEventListener('abort', onAbort, { once: true });
  const limit = setTimeout(() => stop('timedOut'), run.timeoutMs);
  try {
    const end = await ended;
    return {
      ...NOTHING,
      ...output(),
      timedOut: stopped === 'timedOut',
      aborted: stopped === 'aborted',
      ...end,
    };
  } finally {
    clearTimeout(limit);
    run.signal.removeEventListener('abort', onAbort);
  }
}

const NOTHING: CommandOutcome = {
  exitCode: null,
  stdout: '',
  stderr: '',
  truncated: false,
  timedOut: false,
  aborted: false,
};

/** The child, or why there is none. */
function start(run: CommandRun): ChildProcess | string {
  const [program, ...args] = run.command;
  const env = { ...inherited(), ...run.env };
  // Node would repeat the value in its complaint.
  const broken = Object.keys(env).find((name) => env[name]?.includes('\0'));
  if (broken !== undefined) return `the value of ${broken} holds a NUL byte, which no environment can carry`;
  try {
    return spawn(program, args, { cwd: run.cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  } catch (error) {
    // Some refusals (arguments too long) are thrown, not emitted.
    return (error as Error).message;
  }
}

type Ending = Pick<CommandOutcome, 'exitCode' | 'startError'>;

interface Waiting {
  readonly ended: Promise<Ending>;
  /** Waits no longer, whatever becomes of it. */
  giveUp(): void;
}

function ending(child: ChildProcess): Waiting {
  let giveUp = (): void => {};
  const closePipes = (): void => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  const ended = new Promise<Ending>((resolve) => {
    let drain: NodeJS.Timeout | undefined;
    child.once('error', (error) => resolve({ exitCode: null, startError: error.message }));
    child.once('exit', () => {
      drain = setTimeout(closePipes, DRAIN_MS);
    });
    child.once('close', (exitCode) => {
      clearTimeout(drain);
      resolve({ exitCode });
    });
    giveUp = () => {
      closePipes();
      child.stdin?.destroy();
      child.unref();
      resolve({ exitCode: null });
    };
  });
  return { ended, giveUp };
}

/** The whole group: a shell's own children must not outlive it. */
function endGroup(child: ChildProcess, giveUp: () => void): void {
  signalGroup(child, 'SIGTERM');
  let last = setTimeout(() => {
    signalGroup(child, 'SIGKILL');
    last = setTimeout(giveUp, GIVE_UP_MS);
  }, GRACE_MS);
  child.once('exit', () => {
    clearTimeout(last);
    signalGroup(child, 'SIGKILL');
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    // Windows has no process groups.
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

function inherited(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
