import { Agent as HttpAgent } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import type { Axios, AxiosRequestConfig } from 'axios';
import { createNodeAdapter, type RawAnswer } from './node-adapter.ts';

export interface Connection {
  readonly baseUrl: string;
  /** Sockets kept open at once. */
  readonly connections?: number;
  /** PEM of a private certificate authority. */
  readonly ca?: string;
  /** PEM of our own certificate and of its key, for servers that know their clients by one. */
  readonly cert?: string;
  readonly key?: string;
  /** The name the server's certificate must be for, where it is not the host of the address. */
  readonly servername?: string;
  /** Unix socket (or named pipe) to connect to; the address is only what the request says. */
  readonly socketPath?: string;
}

export interface TunedAxios {
  /** Gives any answer whatever its status; its `data` is a RawAnswer. */
  readonly instance: Axios;
  close(): void;
}

/** Far above any secret; an answer beyond it is a mistake or an attack. */
const MAX_ANSWER_BYTES = 33 * 1024 * 1024;

/** Sent unless the request says otherwise. Not compressed, since nothing here unpacks it. */
const HEADERS = { accept: 'application/json, text/plain, */*', 'accept-encoding': 'identity' };

/** The one place that makes axios: an instance with nothing in the way of many small requests to one address. */
export async function createTunedAxios(connection: Connection): Promise<TunedAxios> {
  const { baseUrl, connections, ca, cert, key, servername, socketPath } = connection;
  const options: AgentOptions = {
    keepAlive: true,
    maxSockets: connections ?? 64,
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED in somebody's environment does not switch it off.
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
  };
  const base = new URL(baseUrl);
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options) };
  const { Axios } = await import('axios');
  // The bare class: `axios.create` adds two dozen defaults, which are merged and copied anew for each request.
  const instance = new Axios(
    socketPath !== undefined || isPlain(base)
      ? {
          headers: HEADERS,
          allowAbsoluteUrls: false,
          adapter: createNodeAdapter({
            base,
            agent: base.protocol === 'https:' ? agents.https : agents.http,
            maxBytes: MAX_ANSWER_BYTES,
            socketPath,
          }),
        }
      : forTheirAdapter(baseUrl, agents),
  );
  return {
    instance,
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** Neither through a proxy nor with credentials in the address: both are left to the adapter of axios. */
function isPlain(base: URL): boolean {
  return !proxyIsSet() && base.username === '' && base.password === '';
}

function forTheirAdapter(
  baseUrl: string,
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent },
): AxiosRequestConfig {
  return {
    baseURL: baseUrl.replace(/\/+$/, ''),
    headers: HEADERS,
    // A path that begins with `//` must not send our credentials to another host.
    allowAbsoluteUrls: false,
    httpAgent: agents.http,
    httpsAgent: agents.https,
    maxRedirects: 0,
    decompress: false,
    ...(proxyIsSet() ? {} : { proxy: false as const }),
    maxContentLength: MAX_ANSWER_BYTES,
    maxBodyLength: MAX_ANSWER_BYTES,
    // Bytes, and not the library's text, which drops a byte order mark: a value must arrive as it is.
    responseType: 'arraybuffer',
    transformResponse: [
      (body: Buffer, headers): RawAnswer => ({ body, message: { headers: { ...headers } } }),
    ],
    validateStatus: () => true,
  };
}

function proxyIsSet(): boolean {
  return ['http_proxy', 'https_proxy', 'all_proxy'].some(
    (name) => (process.env[name] ?? process.env[name.toUpperCase()] ?? '') !== '',
  );
}
