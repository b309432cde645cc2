import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import { createHttpClient, type HttpAnswer, type HttpRequest } from '../http/http-client.ts';

export interface VaultRequest extends Omit<HttpRequest, 'headers' | 'path' | 'body'> {
  /** After `/v1`, with its slash, percent-encoded. */
  readonly path: string;
  readonly body?: string;
  /** Consistency token of an earlier write that this request must see. */
  readonly index?: string | undefined;
}

/** One request, one answer; knows the headers of the protocol and nothing of what is asked. */
export interface VaultClient {
  /** The name of the connection: subject of its errors. */
  readonly name: string;
  /** As it is compared and shown. */
  readonly address: string;
  /** Without slashes at its ends; '' is the root namespace. */
  readonly namespace: string;
  send(request: VaultRequest, token: Secret | undefined): Promise<HttpAnswer>;
  /** Outside of any namespace and without a token: the health of the server. */
  sendToRoot(request: VaultRequest): Promise<HttpAnswer>;
  close(): void;
}

export interface VaultConnection {
  readonly name: string;
  readonly address: string;
  readonly namespace: string | undefined;
  readonly timeoutMs: number;
  readonly ca: string | undefined;
}

/** Agents and proxies of Vault may refuse requests without it, as a guard against request forgery. */
const COMMON_HEADERS = { 'X-Vault-Request': 'true', 'Content-Type': 'application/json' };

export function createVaultClient(connection: VaultConnection): VaultClient {
  const { name, timeoutMs, ca } = connection;
  const address = connection.address.replace(/\/+$/, '');
  const namespace = (connection.namespace ?? '').replace(/^\/+|\/+$/g, '');
  const http = createHttpClient({
    name,
    baseUrl: `${address}/v1`,
    timeoutMs,
    ...(ca === undefined ? {} : { ca }),
  });
  const anonymous: Readonly<Record<string, string>> =
    namespace === '' ? COMMON_HEADERS : { ...COMMON_HEADERS, 'X-Vault-Namespace': namespace };
  let current: { readonly token: Secret; readonly headers: Readonly<Record<string, string>> } | undefined;

  // Made once a token, not once a request.
  const headersFor = (token: Secret): Readonly<Record<string, string>> => {
    if (current?.token !== token) {
      current = { token, headers: { ...anonymous, 'X-Vault-Token': token.reveal() } };
    }
    return current.headers;
  };

  const send = (request: VaultRequest, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> => {
    // Before anything is sent, even a write can be given up with certainty.
    if (request.signal.aborted) return Promise.reject(stopped(name, request.action));
    const { index } = request;
    return http.send({
      ...request,
      headers: index === undefined ? headers : { ...headers, 'X-Vault-Index': index },
    });
  };

  return {
    name,
    address,
    namespace,
    send: (request, token) => send(request, token === undefined ? anonymous : headersFor(token)),
    sendToRoot: (request) => send(request, COMMON_HEADERS),
    close: () => http.close(),
  };
}

function stopped(subject: string, action: string): RotationError {
  return new RotationError('ABORTED', { subject, action, reason: 'asked to stop' });
}
