import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small real service with an API key of its own. */
export interface Service {
  readonly url: string;
  /** The key it accepts. */
  key(): string;
  reloads(): number;
  pings(): number;
  /** Answers 500 to every ping that carries a key other than the one it had at this moment. */
  breakWithOtherKeys(): void;
  /** Answers 500 to everything. */
  breakWholly(): void;
  repair(): void;
  /** Keeps the pings with another key than now waiting; `arrived` resolves at the first. */
  hold(): { readonly arrived: Promise<void>; release(): void };
  /** Keeps every ping waiting. */
  holdAll(): { readonly arrived: Promise<void>; release(): void };
  stop(): Promise<void>;
}

/** Reads `variable` of the file at start and on POST /reload; GET /ping wants it in X-Api-Key. */
export async function startService(envFile: string, variable: string): Promise<Service> {
  const readKey = (): string =>
    new RegExp(`^${variable}=(.*)$`, 'm').exec(readFileSync(envFile, 'utf8'))?.[1] ?? '';
  let key = readKey();
  let reloads = 0;
  let pings = 0;
  let onlyWith: string | undefined;
  let held: { readonly key: string | undefined; readonly free: Promise<void>; arrive(): void } | undefined;

  const holdPings = (except: string | undefined): ReturnType<Service['hold']> => {
    let arrive: () => void = () => {};
    let release: () => void = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const free = new Promise<void>((resolve) => {
      release = () => {
        held = undefined;
        resolve();
      };
    });
    held = { key: except, free, arrive };
    return { arrived, release };
  };

  const server = createServer(async (request, response) => {
    if (request.method === 'POST' && request.url === '/reload') {
      key = readKey();
      reloads += 1;
      response.end('reloaded');
      return;
    }
    pings += 1;
    const given = request.headers['x-api-key'];
    if (held !== undefined && given !== held.key) {
      held.arrive();
      await held.free;
    }
    if (onlyWith !== undefined && given !== onlyWith) response.statusCode = 500;
    else response.statusCode = given === key ? 200 : 401;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: () => key,
    reloads: () => reloads,
    pings: () => pings,
    breakWithOtherKeys: () => {
      onlyWith = key;
    },
    breakWholly: () => {
      onlyWith = '';
    },
    repair: () => {
      onlyWith = undefined;
    },
    hold: () => holdPings(key),
    holdAll: () => holdPings(undefined),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
