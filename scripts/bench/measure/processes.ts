import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ArmResult, ArmSettings } from '../arms/arm.ts';
import type { ArmName } from '../run-arm.ts';
import { bundled } from './bundle.ts';

export interface KvServer {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** Milliseconds of a core since it began; forgets what was written. */
  cpuMs(): Promise<number>;
  stop(): void;
}

export interface Bench {
  startServer(delayMs: number): Promise<KvServer>;
  /** In a fresh process. */
  runArm(name: ArmName, settings: ArmSettings): Promise<ArmResult>;
}

/** Server and arms, bundled once and run by this Node. */
export async function createBench(): Promise<Bench> {
  const files = await bundled('kv-server', 'run-arm');
  return {
    startServer: async (delayMs) => {
      const server = fork(files['kv-server'], [String(delayMs)], { execArgv: [] });
      const { port } = (await messageOf(server)) as { port: number };
      return {
        address: `http://127.0.0.1:${port}`,
        cpuMs: async () => {
          const answer = messageOf(server);
          server.send('cpu');
          return ((await answer) as { cpuMs: number }).cpuMs;
        },
        stop: () => server.disconnect(),
      };
    },
    runArm: async (name, settings) => {
      const child = fork(files['run-arm'], [name, JSON.stringify(settings)], { execArgv: [] });
      const gone = once(child, 'exit');
      const result = (await messageOf(child)) as ArmResult;
      await gone;
      return result;
    },
  };
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`a process of the benchmark ended with ${String(code)}`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message'), exit])) as [unknown];
    return message;
  } finally {
    exit.catch(() => {});
    ended.abort();
  }
}
