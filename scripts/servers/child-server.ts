import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** A server that was started for the tests and listens on this machine. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Whom a process runs as; left out: as we do. */
export interface SystemUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** A server as a process of ours. */
export interface ChildServer {
  /** The end of what it has written so far. */
  written(): string;
  /**
   * What `look` gives, asked until it is defined.
   * @throws Error with the last words of the server, when it ends or takes too long
   */
  until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T>;
  stop(): Promise<void>;
}

const START_MS = 60_000;
const STOP_MS = 5_000;
const KEPT_CHARACTERS = 20_000;

/** `env` is all the child gets; left out: what we have. `as`: another user than us. */
export function startChild(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  as: SystemUser = {},
): ChildServer {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, ...as });
  let written = '';
  const keep = (chunk: Buffer): void => {
    written = (written + chunk.toString('utf8')).slice(-KEPT_CHARACTERS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // Whatever ends us ends it: a server left behind would be found by nobody.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let end: string | undefined;
  const ended = new Promise<void>((resolve) => {
    const note = (how: string): void => {
      end ??= how;
      process.off('exit', kill);
      resolve();
    };
    child.once('error', (error) => note(error.message));
    child.once('close', (code, signal) => note(`it ended with ${code ?? signal}`));
  });

  return {
    written: () => written,
    until: async (what, look) => {
      const deadline = Date.now() + START_MS;
      while (end === undefined && Date.now() < deadline) {
        const found = await look();
        if (found !== undefined) return found;
        await delay(50);
      }
      const how = end ?? `not within ${START_MS / 1000} s`;
      throw new Error(`${command} did not get ${what}: ${how}\n${written.trim().slice(-1000)}`);
    },
    stop: async () => {
      if (end !== undefined) return;
      const impatient = setTimeout(kill, STOP_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(impatient);
    },
  };
}
