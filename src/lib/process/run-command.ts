import { spawn } from 'node:child_process';

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
  readonly timedOut: boolean;
  readonly aborted: boolean;
  /** Set when the program could not be started at all. */
  readonly startError?: string;
}

/** Past this, output is cut: a runaway program must not fill the memory. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Variables a child gets besides its own `env`; the rest of our environment may hold other people's secrets. */
const PASSED_ON = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

/** Runs a program to its end. Never throws for what the program does; the outcome says it all. */
export async function runCommand(run: CommandRun): Promise<CommandOutcome> {
  const [program, ...args] = run.command;
  const limit = AbortSignal.timeout(run.timeoutMs);
  const signal = AbortSignal.any([run.signal, limit]);
  const child = spawn(program, args, {
    cwd: run.cwd,
    env: { ...inherited(), ...run.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // The whole group: a shell's own children must not outlive it.
  const stop = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  child.stdin.on('error', () => {});
  child.stdin.end(run.stdin ?? '');

  return new Promise((resolve) => {
    const finish = (exitCode: number | null, startError?: string): void => {
      signal.removeEventListener('abort', stop);
      resolve({
        exitCode,
        stdout: stdout(),
        stderr: stderr(),
        timedOut: limit.aborted && !run.signal.aborted,
        aborted: run.signal.aborted,
        ...(startError === undefined ? {} : { startError }),
      });
    };
    child.once('error', (error) => finish(null, error.message));
    child.once('close', (code) => finish(code));
  });
}

function inherited(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < MAX_OUTPUT_BYTES) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8').slice(0, MAX_OUTPUT_BYTES);
}
