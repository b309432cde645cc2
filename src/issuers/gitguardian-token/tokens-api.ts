import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import { Secret } from '../../core/secret.ts';
import { jsonOf, recordIn, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer, HttpClient } from '../../lib/http/http-client.ts';
import { type ApiToken, describesToken, parseToken, type TokenType } from './api-token.ts';
import { type About, gitguardianError } from './gitguardian-error.ts';

export interface WantedToken {
  readonly name: string;
  readonly type: TokenType;
  readonly scopes: readonly string[];
  readonly lifetimeDays: number;
}

/** The token endpoints, as whoever the given token belongs to. Every method throws RotationErrors only. */
export interface TokensApi {
  /** What a token says of itself. @throws RotationError UNAUTHENTICATED when it is dead */
  self(token: Secret, signal: AbortSignal): Promise<ApiToken>;
  /** Every token that `manager` may see, to the last page, dead ones included. */
  list(manager: Secret, signal: AbortSignal): Promise<readonly ApiToken[]>;
  describe(id: string, manager: Secret, signal: AbortSignal): Promise<ApiToken>;
  create(
    wanted: WantedToken,
    manager: Secret,
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly value: Secret }>;
  /** An absent token is success. */
  revoke(id: string, manager: Secret, signal: AbortSignal): Promise<void>;
}

/** More than any workspace has; a server that always names a next page ends here. */
const MOST_PAGES = 1000;

export function createTokensApi(http: HttpClient, subject: string): TokensApi {
  const send = (
    request: About & { readonly method: string; readonly path: string; readonly body?: JsonObject },
    as: Secret,
    signal: AbortSignal,
  ): Promise<HttpAnswer> => {
    const { body, ...rest } = request;
    const headers = { authorization: `Token ${as.reveal()}`, accept: 'application/json' };
    if (body === undefined) return http.send({ ...rest, headers, signal });
    return http.send({
      ...rest,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
  };

  const one = async (path: string, action: string, as: Secret, signal: AbortSignal): Promise<ApiToken> => {
    const about: About = { subject, action, effect: 'read' };
    const answer = await send({ ...about, method: 'GET', path }, as, signal);
    if (answer.status !== 200) throw gitguardianError(answer, about);
    const token = parseToken(jsonOf(answer, about));
    if (token === undefined) throw strangeAnswer(answer, about);
    return token;
  };

  return {
    self: (token, signal) => one('/api_tokens/self', 'ask GitGuardian what the token is', token, signal),

    describe: (id, manager, signal) =>
      one(`/api_tokens/${encodeURIComponent(id)}`, 'look at the token', manager, signal),

    list: async (manager, signal) => {
      const action = 'list the tokens of the workspace';
      const about: About = { subject, action, effect: 'read' };
      const tokens: ApiToken[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const query = new URLSearchParams({ per_page: '100', ...(cursor === undefined ? {} : { cursor }) });
        const answer = await send({ ...about, method: 'GET', path: `/api_tokens?${query}` }, manager, signal);
        if (answer.status !== 200) throw gitguardianError(answer, about);
        tokens.push(...tokensIn(answer, about));
        cursor = nextCursor(answer);
        if (cursor === undefined) return tokens;
      }
      // Half a list is none: an orphan that is not seen would be made twice.
      throw new RotationError('UNAVAILABLE', { subject, action, reason: `more than ${MOST_PAGES} pages` });
    },

    create: async ({ lifetimeDays, ...wanted }, manager, signal) => {
      const about: About = { subject, action: 'make the token', effect: 'write' };
      const body = { ...wanted, lifetime: lifetimeDays };
      const answer = await send({ ...about, method: 'POST', path: '/api_tokens', body }, manager, signal);
      if (answer.status === 409) throw busy(about);
      if (answer.status !== 201)
        throw answer.status === 200 ? strangeAnswer(answer, about) : gitguardianError(answer, about);
      return createdIn(answer, about);
    },

    revoke: async (id, manager, signal) => {
      const about: About = { subject, action: `revoke the token ${id}`, effect: 'write' };
      const path = `/api_tokens/${encodeURIComponent(id)}`;
      const answer = await send({ ...about, method: 'DELETE', path }, manager, signal);
      if (answer.status === 204) return;
      const error = answer.status === 200 ? strangeAnswer(answer, about) : gitguardianError(answer, about);
      if (error.code !== 'NOT_FOUND') throw error;
    },
  };
}

/** What is not understood is not left out, unless it is of a kind that is none of ours: an unseen orphan is made twice. */
function tokensIn(answer: HttpAnswer, about: About): readonly ApiToken[] {
  const items = jsonOf(answer, about);
  if (!Array.isArray(items) || !items.every(describesToken)) throw strangeAnswer(answer, about);
  return items.map(parseToken).filter((token) => token !== undefined);
}

/** From `Link: <…?cursor=XXX&per_page=100>; rel="next"`. Its address is not followed: it may point elsewhere. */
function nextCursor(answer: HttpAnswer): string | undefined {
  const [, url] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(answer.headers['link'] ?? '') ?? [];
  const query = url?.split('?')[1];
  return query === undefined ? undefined : (new URLSearchParams(query).get('cursor') ?? undefined);
}

/** Beside the description stands `key`, the value, which is shown here only. */
function createdIn(answer: HttpAnswer, about: About): { readonly id: string; readonly value: Secret } {
  const told = recordIn(answer, about);
  const token = (told['token'] ?? told) as { id?: unknown } | string;
  const id = typeof token === 'object' ? token.id : told['id'];
  const value = told['key'];
  if (typeof id !== 'string' || typeof value !== 'string' || value === '') throw strangeAnswer(answer, about);
  return { id: id.toLowerCase(), value: new Secret(value) };
}

/** GitGuardian makes one token at a time for a member or a workspace; this one was not made, and may be asked for again. */
function busy({ subject, action }: About): RotationError {
  const reason = 'another token is being made at this moment (status 409)';
  return new RotationError('UNAVAILABLE', { subject, action, reason });
}
