import { Agent as HttpAgent } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import type { AxiosInstance, AxiosResponse } from 'axios';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { startDeadline } from './deadline.ts';
import { refuseUnsendable } from './sendable.ts';
import { transportError } from './transport-error.ts';

export interface HttpSettings {
  /** Subject of the errors: the connection's name in the config. */
  readonly name: string;
  readonly baseUrl: string;
  /** For the whole request, from the wait for a socket to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Sockets kept open at once. */
  readonly connections?: number;
  /** PEM of a private certificate authority. */
  readonly ca?: string;
}

export interface HttpRequest {
  readonly method: string;
  /** Appended to the base URL as it is: already percent-encoded; begins with `/`, or is empty. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal: AbortSignal;
  /** `write`: a lost answer is INDETERMINATE, because the system may have done it. */
  readonly effect: 'read' | 'write';
  /** Verb phrase for error messages: `read the secret`. */
  readonly action: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpClient {
  /**
   * Sends one request, follows no redirect, and gives any answer whatever its status.
   * @throws RotationError UNAVAILABLE, TIMEOUT, ABORTED, INDETERMINATE; REFUSED and LIMIT_REACHED for a request
   * that cannot be sent
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

/** Far above any secret; an answer beyond it is a mistake or an attack. */
const MAX_ANSWER_BYTES = 33 * 1024 * 1024;

/** The one place that knows axios. One tuned instance a connection, made at the first request. */
export function createHttpClient(settings: HttpSettings): HttpClient {
  const agentOptions: AgentOptions = {
    keepAlive: true,
    maxSockets: settings.connections ?? 64,
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED in somebody's environment does not switch it off.
    rejectUnauthorized: true,
    ...(settings.ca === undefined ? {} : { ca: settings.ca }),
  };
  const httpAgent = new HttpAgent(agentOptions);
  const httpsAgent = new HttpsAgent(agentOptions);
  let instance: Promise<AxiosInstance> | undefined;

  const connect = async (): Promise<AxiosInstance> => {
    const { default: axios } = await import('axios');
    return axios.create({
      baseURL: settings.baseUrl.replace(/\/+$/, ''),
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
  };

  return {
    send: async (request) => {
      refuseUnsendable(request, settings.name);
      instance ??= connect();
      const client = await instance;
      if (request.signal.aborted) {
        const { name: subject } = settings;
        throw new RotationError('ABORTED', { subject, action: request.action, reason: 'asked to stop' });
      }
      const deadline = startDeadline(settings.timeoutMs, request.signal);
      try {
        const response: AxiosResponse<Buffer> = await client.request({
          method: request.method,
          url: request.path,
          headers: request.headers ?? {},
          ...(request.body === undefined ? {} : { data: request.body }),
          signal: deadline.signal,
        });
        const { status, data } = response;
        return { status, headers: plainHeaders(response), body: data.toString('utf8') };
      } catch (error) {
        throw transportError(error, settings, request, deadline.passed());
      } finally {
        deadline.clear();
      }
    },
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function plainHeaders(response: AxiosResponse): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) headers[name.toLowerCase()] = String(value);
  return headers;
}

function proxyIsSet(): boolean {
  return ['http_proxy', 'https_proxy', 'all_proxy'].some(
    (name) => (process.env[name] ?? process.env[name.toUpperCase()] ?? '') !== '',
  );
}
