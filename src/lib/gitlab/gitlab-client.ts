import type { JsonObject } from '../../core/json.ts';
import type { Secret } from '../../core/secret.ts';
import { jsonOf, strangeAnswer } from '../http/answer.ts';
import { createHttpClient, type HttpAnswer } from '../http/http-client.ts';
import type { GitlabConnection } from './connection-schema.ts';
import { type About, gitlabError } from './gitlab-error.ts';

export interface GitlabRequest extends About {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v4`; already percent-encoded. */
  readonly path: string;
  readonly body?: JsonObject;
  /** A token to ask with, in place of the one of the connection. */
  readonly as?: Secret;
}

export type GitlabObject = Readonly<Record<string, unknown>>;

/** GitLab's API v4 as one user. */
export interface GitlabClient {
  /** Subject of the errors. */
  readonly name: string;
  /** Without a slash at its end. */
  readonly address: string;
  /** Any answer with a 2xx status. @throws RotationError for every other answer, and for none */
  send(request: GitlabRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** The same, when a JSON object is expected. */
  ask(request: GitlabRequest, signal: AbortSignal): Promise<GitlabObject>;
  close(): void;
}

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export async function openGitlab(
  connection: GitlabConnection,
  open: {
    readonly name: string;
    readonly timeoutMs: number;
    readonly resolve: (reference: string) => Promise<Secret>;
  },
): Promise<GitlabClient> {
  const { name, timeoutMs, resolve } = open;
  const own = await resolve(connection.token);
  const ca = connection.ca === undefined ? undefined : (await resolve(connection.ca)).reveal();
  const address = connection.address.replace(/\/+$/, '');
  const http = createHttpClient({
    name,
    baseUrl: `${address}/api/v4`,
    timeoutMs,
    ...(ca === undefined ? {} : { ca }),
  });

  const send: GitlabClient['send'] = async ({ body, as: token = own, ...request }, signal) => {
    // Bearer takes OAuth tokens as well as personal, project and group access tokens.
    const headers = { authorization: `Bearer ${token.reveal()}`, accept: 'application/json' };
    const answer = await http.send({
      ...request,
      signal,
      ...(body === undefined
        ? { headers }
        : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (answer.status >= 200 && answer.status <= 299) return answer;
    throw gitlabError(answer, request);
  };

  return {
    name,
    address,
    send,
    ask: async (request, signal) => {
      const answer = await send(request, signal);
      const told = jsonOf(answer, request);
      if (typeof told === 'object' && told !== null && !Array.isArray(told)) return told as GitlabObject;
      throw strangeAnswer(answer, request);
    },
    close: () => http.close(),
  };
}
