import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { installMoto } from './moto-install.ts';

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

const START_MS = 60_000;

/** Starts moto on a free port of this machine. @throws Error when it cannot be installed or does not get healthy */
export async function startMoto(): Promise<RunningServer> {
  const program = await installMoto();
  const child = spawn(program, ['--host', '127.0.0.1', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  // Whatever ends us ends it: a server left behind would be found by nobody.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    const url = await addressOf(child);
    await untilHealthy(url);
    return {
      url,
      stop: async () => {
        process.off('exit', kill);
        const ended = new Promise((resolve) => child.once('close', resolve));
        child.kill('SIGTERM');
        await ended;
      },
    };
  } catch (error) {
    kill();
    throw error;
  }
}

/** It takes a free port and says which. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let written = '';
    const listen = (chunk: Buffer): void => {
      written += chunk.toString('utf8');
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(written)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', reject);
    child.once('close', (code) =>
      reject(new Error(`moto_server ended with ${code}: ${written.slice(-1000)}`)),
    );
  });
}

async function untilHealthy(url: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    const healthy = await fetch(`${url}/moto-api/data.json`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await delay(100);
  }
  throw new Error(`moto_server at ${url} did not get healthy`);
}
