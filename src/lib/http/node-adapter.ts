import { type Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';

/** What a request of ours gives as its `data`: axios would copy and check the headers three times. */
export interface RawAnswer {
  readonly body: Buffer;
  /** Where the headers are, for who asks. */
  readonly message: { readonly headers: Readonly<Record<string, unknown>> };
}

export interface AdapterSettings {
  readonly base: URL;
  /** Of the scheme of `base`. */
  readonly agent: Agent;
  /** Bytes; more is neither sent nor taken. */
  readonly maxBytes: number;
  readonly socketPath?: string | undefined;
}

/**
 * Sends a request of axios with `node:http` and nothing in between. The adapter of axios itself can do proxies,
 * redirects, compression, forms, streams and progress, none of which happens here, and pays for it with every
 * request: that is two thirds of what a request costs us.
 */
export function createNodeAdapter({ base, agent, maxBytes, socketPath }: AdapterSettings): AxiosAdapter {
  const send = base.protocol === 'https:' ? requestHttps : requestHttp;
  const basePath = base.pathname.replace(/\/+$/, '');
  const connection = {
    protocol: base.protocol,
    hostname: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port,
    agent,
    insecureHTTPParser: false,
    ...(socketPath === undefined ? {} : { socketPath }),
  };
  return (config) =>
    new Promise((resolve, reject) => {
      const body = config.data as string | Buffer | undefined;
      const length = body === undefined ? 0 : Buffer.byteLength(body);
      if (length > maxBytes) {
        const message = 'Request body larger than maxBodyLength limit';
        reject(Object.assign(new Error(message), { code: 'ERR_BAD_REQUEST' }));
        return;
      }
      const method = (config.method ?? 'get').toUpperCase();
      const path = `${basePath}${config.url ?? ''}`;
      const outgoing = send({
        ...connection,
        method,
        path: path === '' ? '/' : path,
        headers: rawHeaders(
          config,
          base.host,
          body === undefined && !CARRIES.has(method) ? undefined : length,
        ),
      });
      const stop = (): void => fail(new Error('aborted'));
      let settled = false;
      const settle = (): boolean => {
        if (settled) return false;
        settled = true;
        config.signal?.removeEventListener?.('abort', stop);
        return true;
      };
      const fail = (error: Error): void => {
        if (!settle()) return;
        outgoing.destroy();
        reject(error);
      };
      config.signal?.addEventListener?.('abort', stop);
      outgoing.on('error', fail);
      // So that the promise ends whatever happens; after an answer it changes nothing.
      outgoing.on('close', () => fail(new Error('the connection was closed before the answer was complete')));
      outgoing.on('response', (incoming) => {
        collect(incoming, maxBytes, fail, (data) => {
          if (settle()) resolve(answerOf(incoming, data, config, outgoing));
        });
      });
      outgoing.end(body);
    });
}

/** Methods whose requests have a body, if only an empty one. */
const CARRIES = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Names and values in turn: what Node writes without a look at each twice. The length is ours to say, so that it is
 * the true one; a host is theirs, if they name one.
 */
function rawHeaders(
  { headers }: InternalAxiosRequestConfig,
  host: string,
  length: number | undefined,
): string[] {
  const raw = ['Host', host];
  for (const name of Object.keys(headers)) {
    const value: unknown = headers[name];
    if (value === undefined || value === null || value === false) continue;
    const lower = name.toLowerCase();
    if (lower === 'host') raw[1] = String(value);
    else if (lower !== 'content-length') raw.push(name, String(value));
  }
  if (length !== undefined) raw.push('Content-Length', String(length));
  return raw;
}

function collect(
  incoming: IncomingMessage,
  maxBytes: number,
  fail: (error: Error) => void,
  done: (data: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) fail(new Error(`maxContentLength size of ${maxBytes} exceeded`));
    else chunks.push(chunk);
  });
  incoming.on('error', fail);
  incoming.on('end', () => {
    const [only] = chunks;
    done(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, bytes));
  });
}

function answerOf(
  incoming: IncomingMessage,
  body: Buffer,
  config: InternalAxiosRequestConfig,
  request: ClientRequest,
): AxiosResponse<RawAnswer> {
  const data: RawAnswer = { body, message: incoming };
  const { statusCode = 0, statusMessage = '' } = incoming;
  return { data, status: statusCode, statusText: statusMessage, headers: {}, config, request };
}
