import type { Clock } from '../../core/clock.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Secret } from '../../core/secret.ts';
import type { About } from '../http/answer.ts';
import { createHttpClient, type HttpAnswer, type HttpClient } from '../http/http-client.ts';
import { apiUrl } from './address.ts';
import { type Authorization, createAuthorization } from './authorization.ts';
import type { GithubConnection } from './connection-schema.ts';
import { githubHeaders } from './headers.ts';

export interface GithubRequest extends About {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the API's base: `/repos/acme/shop`. Already percent-encoded. */
  readonly path: string;
  readonly body?: JsonObject;
  /** As the App itself and not as its installation; for a token of the config it makes no difference. */
  readonly as?: 'app';
}

/** GitHub's API as one identity. */
export interface GithubClient {
  /** Subject of the errors. */
  readonly name: string;
  readonly authorization: Authorization;
  /** Gives any answer whatever its status. A token of an App that has run out early is replaced once. */
  send(request: GithubRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

export interface GithubSurroundings {
  readonly name: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly resolve: (reference: string) => Promise<Secret>;
}

/** @throws RotationError CONFIG_INVALID when `ca` cannot be resolved */
export async function connectToGithub(
  place: Pick<GithubConnection, 'address' | 'ca'>,
  { name, timeoutMs, resolve }: Pick<GithubSurroundings, 'name' | 'timeoutMs' | 'resolve'>,
): Promise<HttpClient> {
  const ca = place.ca === undefined ? undefined : (await resolve(place.ca)).reveal();
  return createHttpClient({
    name,
    baseUrl: apiUrl(place.address),
    timeoutMs,
    ...(ca === undefined ? {} : { ca }),
  });
}

/** @throws RotationError CONFIG_INVALID when `ca` cannot be resolved */
export async function openGithub(
  connection: GithubConnection,
  surroundings: GithubSurroundings,
): Promise<GithubClient> {
  const http = await connectToGithub(connection, surroundings);
  const authorization = createAuthorization(connection.auth, { ...surroundings, http });
  return {
    name: surroundings.name,
    authorization,
    send: async (request, signal) => {
      if (request.as === 'app' && authorization.jwt !== undefined) {
        return sendAs(http, await authorization.jwt(), request, signal);
      }
      const first = await authorization.token(signal);
      const answer = await sendAs(http, first, request, signal);
      // Nothing is carried out for a request without a valid token: asking again is safe for writes as well.
      if (answer.status !== 401 || !authorization.renew(first)) return answer;
      return sendAs(http, await authorization.token(signal), request, signal);
    },
    close: () => {
      authorization.close();
      http.close();
    },
  };
}

/** One request as whoever the token belongs to; without one, as nobody. */
export function sendAs(
  http: HttpClient,
  token: Secret | undefined,
  { body, as: _as, ...request }: GithubRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const headers = githubHeaders(token);
  if (body === undefined) return http.send({ ...request, headers, signal });
  return http.send({
    ...request,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
}
