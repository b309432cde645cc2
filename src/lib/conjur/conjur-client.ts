import type { HttpAnswer, HttpClient, HttpRequest } from '../http/http-client.ts';
import type { AccessToken } from './access-token.ts';

export type AuthorizedRequest = Omit<HttpRequest, 'signal'>;

/** Sends with the access token; a token that has run out early is replaced once. */
export interface ConjurClient {
  send(request: AuthorizedRequest, signal: AbortSignal): Promise<HttpAnswer>;
}

/** Followers trust the tokens of their leader, so that one token serves several addresses. */
export function createConjurClient(http: HttpClient, token: AccessToken): ConjurClient {
  return {
    send: async (request, signal) => {
      const attempt = async (header: string): Promise<HttpAnswer> =>
        http.send({ ...request, signal, headers: { ...request.headers, authorization: header } });

      const first = await token.header(signal);
      const answer = await attempt(first);
      if (answer.status !== 401) return answer;
      // Nothing is carried out for a request without a valid token: asking again is safe for writes as well.
      token.discard(first);
      return attempt(await token.header(signal));
    },
  };
}
