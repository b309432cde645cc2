import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import type { RotationReport } from '../../src/app/report.ts';
import type { RotationConfig } from '../../src/config/rotation-config.ts';
import { Secret } from '../../src/core/secret.ts';
import type { ChildOrder } from './killable-child.ts';
import { type Shape, startWorld, type TestWorld } from './world.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Inside node_modules, so that the bundle finds its packages. */
const OUT = join(ROOT, 'node_modules/.cache/keyturn-child');

let bundled: Promise<string> | undefined;

/** Bundled once a test process: a child then starts in a fraction of the time. */
function childScript(): Promise<string> {
  bundled ??= build({
    entryPoints: [join(ROOT, 'test/support/killable-child.ts')],
    outdir: join(OUT, String(process.pid)),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  }).then(() => join(OUT, String(process.pid), 'killable-child.mjs'));
  return bundled;
}

export interface ChildEnd {
  readonly signal: NodeJS.Signals | null;
  readonly report: RotationReport | undefined;
  readonly stderr: string;
}

export interface KillableRotation {
  readonly world: TestWorld;
  run(action: ChildOrder['action'], kill?: ChildOrder['kill']): Promise<ChildEnd>;
  /** Kills the process that runs now from outside: between two requests of one step. */
  killNow(): void;
  /** How often the service was reloaded. */
  reloads(): number;
  stop(): Promise<void>;
}

/** Emulators and one real service in this process; each run of the rotation is a process of its own. */
export async function startKillableRotation(shape: Shape = {}): Promise<KillableRotation> {
  const world = await startWorld({ ...shape, withService: false });
  let reloads = 0;
  const service = createServer(async (request, response) => {
    if (request.url === '/reload') {
      reloads += 1;
      response.end();
      return;
    }
    const part = (name: string): Secret => new Secret(String(request.headers[name] ?? 'none'));
    const live = await world.issuer.isLive({ accessKeyId: part('x-id'), secretAccessKey: part('x-secret') });
    response.statusCode = live ? 200 : 401;
    response.end();
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const config = withService(world.config, url, shape.timeoutMs ?? 2000);
  const references = await resolveAll(config, world);
  let running: ChildProcess | undefined;

  return {
    world,
    reloads: () => reloads,
    run: async (action, kill) => {
      const child = spawn(process.execPath, [await childScript()], { stdio: ['pipe', 'pipe', 'pipe'] });
      running = child;
      const order: ChildOrder = { config, references, action, ...(kill === undefined ? {} : { kill }) };
      child.stdin.end(JSON.stringify(order));
      const [out, err, [, signal]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
      ]);
      return { signal, report: out === '' ? undefined : (JSON.parse(out) as RotationReport), stderr: err };
    },
    killNow: () => void running?.kill('SIGKILL'),
    stop: async () => {
      service.closeAllConnections();
      service.close();
      await world.stop();
    },
  };
}

/** The first target belongs to a service that is reloaded and checked. */
function withService(config: RotationConfig, url: string, timeoutMs: number): RotationConfig {
  const key = config.keys['the-key'];
  const [first, ...rest] = key?.targets ?? [];
  if (key === undefined || first === undefined) throw new Error('the world has no target');
  const use = { timeoutMs };
  const headers = { 'x-id': '{{accessKeyId}}', 'x-secret': '{{secretAccessKey}}' };
  return {
    ...config,
    keys: { 'the-key': { ...key, targets: rest } },
    services: {
      shop: {
        owner: 'team-shop',
        wave: 'canary',
        uses: [{ key: 'the-key', from: [first] }],
        reload: { ...use, type: 'http', options: { method: 'POST', url: `${url}/reload` } },
        checks: [
          { ...use, type: 'http', name: 'alive', key: undefined, options: { url: `${url}/`, headers } },
        ],
      },
    },
  };
}

async function resolveAll(config: RotationConfig, world: TestWorld): Promise<Record<string, string>> {
  const names = new Set(JSON.stringify(config).match(/env:(?:EMULATED|REHEARSED_OLD_KEY)_\d+/g) ?? []);
  const pairs = [...names].map(async (name) => [name, (await world.resolve(name)).reveal()] as const);
  return Object.fromEntries(await Promise.all(pairs));
}
