import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import {
  createHttpClient,
  type HttpClient,
  type HttpRequest,
  type HttpSettings,
} from '../../src/lib/http/http-client.ts';

/** What no error may hold; it travels in a header and in a body. */
export const CREDENTIAL = `credential-${randomBytes(18).toString('hex')}`;

export function request(change: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: change.effect === 'write' ? 'POST' : 'GET',
    path: '/thing',
    headers: { authorization: `Bearer ${CREDENTIAL}` },
    ...(change.effect === 'write' ? { body: `value=${CREDENTIAL}` } : {}),
    effect: 'read',
    action: 'look at the thing',
    signal: new AbortController().signal,
    ...change,
  };
}

export interface HttpRig {
  client(baseUrl: string, change?: Partial<HttpSettings>): HttpClient;
  /** A server below HTTP: says what it wants, when it wants. Gives its port. */
  raw(onData: (socket: Socket) => void): Promise<number>;
  /** A port where nobody listens. */
  closedPort(): Promise<number>;
  close(): Promise<void>;
}

export function createHttpRig(): HttpRig {
  const endings: (() => Promise<void> | void)[] = [];
  const raw = async (onData: (socket: Socket) => void): Promise<number> => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('data', () => onData(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endings.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  };
  return {
    client: (baseUrl, change = {}) => {
      const client = createHttpClient({ name: 'thing-prod', baseUrl, timeoutMs: 5000, ...change });
      endings.unshift(() => client.close());
      return client;
    },
    raw,
    closedPort: async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      return port;
    },
    close: async () => {
      for (const end of endings.splice(0)) await end();
    },
  };
}

/** The error a call ends with. */
export async function failure(attempt: Promise<unknown>): Promise<RotationError> {
  const outcome = await attempt.then(
    (answer) => new Error(`it was answered: ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof RotationError) return outcome;
  throw outcome;
}
