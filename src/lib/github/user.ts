import { type About, recordIn, strangeAnswer } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';

/** What `GET /user` tells of a token: its user, and in headers what the token is. */
export interface TokenUser {
  /** Stays the same when the login changes. */
  readonly id: number;
  readonly login: string;
  /** Of classic tokens; undefined for fine-grained ones, which do not tell. */
  readonly scopes: readonly string[] | undefined;
  /** ISO 8601; undefined for tokens without an end. */
  readonly expiresAt: string | undefined;
}

/** @throws RotationError UNAVAILABLE when the answer (of status 200) does not describe a user */
export function userIn(answer: HttpAnswer, about: About): TokenUser {
  const { id, login } = recordIn(answer, about) as { id?: unknown; login?: unknown };
  if (typeof id !== 'number' || typeof login !== 'string') throw strangeAnswer(answer, about);
  return {
    id,
    login,
    scopes: scopesIn(answer.headers['x-oauth-scopes']),
    expiresAt: expiryIn(answer.headers['github-authentication-token-expiration']),
  };
}

function scopesIn(header: string | undefined): readonly string[] | undefined {
  return header
    ?.split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '')
    .sort();
}

/** `2026-11-02 10:20:30 UTC`, or with an offset (`+0200`) in place of the zone. */
function expiryIn(header: string | undefined): string | undefined {
  const [, date, time, zone] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/.exec(header ?? '') ?? [];
  if (date === undefined || time === undefined || zone === undefined) return undefined;
  const offset = zone === 'UTC' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const at = Date.parse(`${date}T${time}${offset}`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
