import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../src/core/json.ts';
import type { BuiltKeyturn } from './built-keyturn.ts';
import { type Service, startService } from './service.ts';
import { openTerminal, type Terminal } from './terminal.ts';

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** stdout, parsed as a whole: fails when anything else is in it. */
  json<T = Record<string, unknown>>(): T;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export interface RunningKeyturn {
  readonly ended: Promise<Run>;
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
  /** Resolves when stderr holds the text. */
  waitFor(text: string): Promise<void>;
}

/** A folder with an inventory, two files that hold the key, and the service that works with it. */
export interface Site {
  readonly folder: string;
  readonly service: Service;
  /** What the files held at first. */
  readonly oldKey: string;
  /** What shop.env and courier.env hold now. */
  holds(): Promise<readonly [shop: string, courier: string]>;
  read(name: string): Promise<string>;
  write(name: string, text: string): Promise<void>;
  writeConfig(config: JsonObject): Promise<void>;
  start(argv: readonly string[], options?: RunOptions): RunningKeyturn;
  run(argv: readonly string[], options?: RunOptions): Promise<Run>;
  terminal(argv: readonly string[], options?: { env?: Record<string, string>; cols?: number }): Terminal;
  /** Ids, the oldest first. */
  rotations(): Promise<string[]>;
  journal(rotationId: string): Promise<string>;
  close(): Promise<void>;
}

export interface SiteShape {
  readonly issuer?: JsonObject;
  readonly policy?: JsonObject;
  readonly oldKey?: string;
  /** Over the whole file. */
  readonly config?: JsonObject;
}

export async function openSite({ bin }: BuiltKeyturn, shape: SiteShape = {}): Promise<Site> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'keyturn-site-')));
  const oldKey = shape.oldKey ?? randomBytes(32).toString('hex');
  await mkdir(join(folder, 'tmp'));
  const write: Site['write'] = (name, text) => writeFile(join(folder, name), text, { mode: 0o600 });
  await write('shop.env', `PORT=80\nAPI_KEY=${oldKey}\n`);
  await write('courier.env', `export API_KEY="${oldKey}" # shared\n`);
  const service = await startService(join(folder, 'shop.env'), 'API_KEY');
  const writeConfig: Site['writeConfig'] = (config) =>
    write('rotation.config.yaml', JSON.stringify(config, null, 2));
  await writeConfig({ ...siteConfig(service.url, shape), ...shape.config });

  const running = new Set<{ kill(): void }>();
  const environment = (env: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    KEYTURN_HOME: join(folder, '.keyturn-home'),
    TMPDIR: join(folder, 'tmp'),
    TERM: 'xterm-256color',
    // A browser must not open.
    SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22',
    ...env,
  });

  const start: Site['start'] = (argv, { env, stdin } = {}) => {
    const child = spawn(process.execPath, [bin, ...argv], {
      cwd: folder,
      env: environment(env),
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const entry = { kill: () => void child.kill('SIGKILL') };
    running.add(entry);
    child.stdin?.end(stdin);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      stdout += piece;
    });
    child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      stderr += piece;
    });
    const ended = new Promise<Run>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        running.delete(entry);
        resolve({ stdout, stderr, exitCode: code ?? -1, json: () => JSON.parse(stdout) });
      });
    });
    return {
      ended,
      signal: (name) => void child.kill(name),
      waitFor: async (text) => {
        while (!stderr.includes(text)) {
          const more = new Promise<void>((resolve) => child.stderr?.once('data', () => resolve()));
          const over = await Promise.race([more.then(() => false), ended.then(() => true)]);
          if (over && !stderr.includes(text))
            throw new Error(`ended without saying "${text}":\n${stderr}${stdout}`);
        }
      },
    };
  };

  return {
    folder,
    service,
    oldKey,
    holds: async () => [
      /^API_KEY=(.*)$/m.exec(await readFile(join(folder, 'shop.env'), 'utf8'))?.[1] ?? '',
      /^export API_KEY="(.*)" # shared$/m.exec(await readFile(join(folder, 'courier.env'), 'utf8'))?.[1] ??
        '',
    ],
    read: (name) => readFile(join(folder, name), 'utf8'),
    write,
    writeConfig,
    start,
    run: (argv, options) => start(argv, options).ended,
    terminal: (argv, { env, cols = 80 } = {}) => {
      const terminal = openTerminal([bin, ...argv], { cwd: folder, env: environment(env), cols });
      running.add(terminal);
      return terminal;
    },
    rotations: async () => {
      try {
        return (await readdir(join(folder, '.keyturn/rotations'))).sort();
      } catch {
        return [];
      }
    },
    journal: (id) => readFile(join(folder, '.keyturn/rotations', id, 'journal.jsonl'), 'utf8'),
    close: async () => {
      for (const each of running) each.kill();
      await service.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The key is in shop.env, which the service reads, and in courier.env, which nobody checks. */
export function siteConfig(serviceUrl: string, shape: SiteShape): JsonObject {
  const target = (ref: string): JsonObject => ({ store: 'env-files', ref, field: 'API_KEY' });
  return {
    version: 1,
    stores: { 'env-files': { type: 'dotenv' } },
    keys: {
      'shop-key': {
        issuer: shape.issuer ?? { type: 'generated', format: 'hex' },
        targets: [target('courier.env')],
        policy: shape.policy ?? {},
      },
    },
    services: {
      shop: {
        owner: 'team-shop',
        wave: 'canary',
        uses: [{ key: 'shop-key', from: [target('shop.env')] }],
        reload: { type: 'http', url: `${serviceUrl}/reload` },
        checks: [
          {
            name: 'ping',
            type: 'http',
            url: `${serviceUrl}/ping`,
            headers: { 'X-Api-Key': '{{value}}' },
          },
        ],
      },
    },
  };
}
