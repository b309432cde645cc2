import { type About, strangeAnswer } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { jenkinsError } from './jenkins-error.ts';

/** Headers of a POST that is made with a password: the crumb, and the session it belongs to. */
export type CrumbHeaders = Readonly<Record<string, string>>;

/**
 * From `GET /crumbIssuer/api/json`. Nothing where the protection is switched off (404).
 * @throws RotationError UNAUTHENTICATED, PERMISSION_DENIED, UNAVAILABLE
 */
export function crumbHeaders(answer: HttpAnswer, about: About): CrumbHeaders {
  if (answer.status === 404) return {};
  if (answer.status !== 200) throw jenkinsError(answer, about);
  const { crumb, crumbRequestField } = parsed(answer.body);
  if (typeof crumb !== 'string' || typeof crumbRequestField !== 'string') throw strangeAnswer(answer, about);
  const cookie = cookiesOf(answer.headers['set-cookie'] ?? '');
  return { [crumbRequestField.toLowerCase()]: crumb, ...(cookie === '' ? {} : { cookie }) };
}

function parsed(body: string): { readonly crumb?: unknown; readonly crumbRequestField?: unknown } {
  try {
    return (JSON.parse(body) as object | null) ?? {};
  } catch {
    return {};
  }
}

/** Several cookies arrive joined by commas; one within a date is not followed by `name=`. */
const BETWEEN_COOKIES = /,(?=\s*[^\s,;=]+=)/;

function cookiesOf(header: string): string {
  const pairs = header.split(BETWEEN_COOKIES).map((cookie) => cookie.split(';')[0]?.trim() ?? '');
  return pairs.filter((pair) => pair !== '').join('; ');
}
