import { Agent as HttpAgent } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import type { AxiosInstance } from 'axios';

export interface Connection {
  readonly baseUrl: string;
  /** Sockets kept open at once. */
  readonly connections?: number;
  /** PEM of a private certificate authority. */
  readonly ca?: string;
}

export interface TunedAxios {
  readonly instance: AxiosInstance;
  close(): void;
}

/** Far above any secret; an answer beyond it is a mistake or an attack. */
const MAX_ANSWER_BYTES = 33 * 1024 * 1024;

/** The one place that knows axios: an instance with nothing in the way of many small requests to one address. */
export async function createTunedAxios({ baseUrl, connections, ca }: Connection): Promise<TunedAxios> {
  const agentOptions: AgentOptions = {
    keepAlive: true,
    maxSockets: connections ?? 64,
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED in somebody's environment does not switch it off.
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
  };
  const httpAgent = new HttpAgent(agentOptions);
  const httpsAgent = new HttpsAgent(agentOptions);
  const { default: axios } = await import('axios');
  const instance = axios.create({
    baseURL: baseUrl.replace(/\/+$/, ''),
    // A path that begins with `//` must not send our credentials to another host.
    allowAbsoluteUrls: false,
    httpAgent,
    httpsAgent,
    maxRedirects: 0,
    decompress: false,
    // Not compressed, since nothing here unpacks it.
    headers: { 'accept-encoding': 'identity' },
    ...(proxyIsSet() ? {} : { proxy: false as const }),
    maxContentLength: MAX_ANSWER_BYTES,
    maxBodyLength: MAX_ANSWER_BYTES,
    // Bytes, and not the library's text, which drops a byte order mark: a value must arrive as it is.
    responseType: 'arraybuffer',
    transformRequest: [(data) => data],
    transformResponse: [(data) => data],
    validateStatus: () => true,
  });
  return {
    instance,
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function proxyIsSet(): boolean {
  return ['http_proxy', 'https_proxy', 'all_proxy'].some(
    (name) => (process.env[name] ?? process.env[name.toUpperCase()] ?? '') !== '',
  );
}
