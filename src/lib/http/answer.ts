import type { ErrorContext } from '../../core/errors/definitions.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { HttpAnswer, HttpRequest } from './http-client.ts';

/** What a request is about, as its errors tell. */
export type About = Pick<ErrorContext, 'subject'> & Pick<HttpRequest, 'action' | 'effect'>;

/**
 * The body as JSON.
 * @throws RotationError UNAVAILABLE (INDETERMINATE for writes) when it is something else: a proxy's or login page.
 */
export function jsonOf(answer: HttpAnswer, about: About): unknown {
  try {
    // Some servers begin their JSON with a byte order mark.
    return JSON.parse(answer.body.startsWith('\uFEFF') ? answer.body.slice(1) : answer.body) as unknown;
  } catch {
    throw strangeAnswer(answer, about);
  }
}

/**
 * The body as a JSON object.
 * @throws RotationError UNAVAILABLE (INDETERMINATE for writes) when it is something else: `null` and lists too
 */
export function recordIn(answer: HttpAnswer, about: About): Readonly<Record<string, unknown>> {
  const told = jsonOf(answer, about);
  if (typeof told === 'object' && told !== null && !Array.isArray(told))
    return told as Record<string, unknown>;
  throw strangeAnswer(answer, about);
}

/** Whether it is a list of objects, and nothing else: what is left out of a list would make it look complete. */
export function areRecords<T extends object = Readonly<Record<string, unknown>>>(
  told: unknown,
): told is readonly T[] {
  return Array.isArray(told) && told.every((item) => typeof item === 'object' && item !== null);
}

/** An answer that this protocol does not have: HTML, a redirect, an odd status. */
export function strangeAnswer(answer: HttpAnswer, about: About): RotationError {
  const location = answer.headers['location'];
  const type = answer.headers['content-type'] ?? 'no content type';
  const reason =
    location === undefined
      ? `unexpected answer: status ${answer.status}, ${type}, ${answer.body.length} characters`
      : `it redirects (${answer.status}) to ${originOf(location)}; credentials are never sent after a redirect`;
  const redirected = answer.status >= 300 && answer.status < 400;
  const code = about.effect === 'write' && !redirected ? 'INDETERMINATE' : 'UNAVAILABLE';
  return new RotationError(code, {
    subject: about.subject,
    action: about.action,
    reason,
    hint: 'Check that `address` is the API itself and not a proxy, a login page or a standby.',
  });
}

/**
 * What an error status means when the system has no finer words for it. A 5xx after a write proves nothing, nor does
 * the word of a proxy that waited too long.
 */
export function statusError(answer: HttpAnswer, about: About, reason?: string): RotationError {
  const { status } = answer;
  const context: ErrorContext = {
    subject: about.subject,
    action: about.action,
    reason: reason === undefined || reason === '' ? `status ${status}` : `${reason} (status ${status})`,
    ...retryAfterOf(answer),
  };
  if (status === 401) return new RotationError('UNAUTHENTICATED', context);
  if (status === 403) return new RotationError('PERMISSION_DENIED', context);
  if (status === 404 || status === 410) return new RotationError('NOT_FOUND', context);
  if (status === 409 || status === 412) return new RotationError('CONFLICT', context);
  if (status === 413) return new RotationError('LIMIT_REACHED', context);
  if (status === 429) return new RotationError('RATE_LIMITED', context);
  // Gateways answer 503 also for a connection that broke behind them; `Retry-After` is the word of one that refuses.
  if (status === 503 && context.retryAfter !== undefined) return new RotationError('UNAVAILABLE', context);
  // A proxy that gave up waiting (408, 499) knows no more of a write than a server that broke.
  if (status >= 500 || status === 408 || status === 499)
    return new RotationError(about.effect === 'write' ? 'INDETERMINATE' : 'UNAVAILABLE', context);
  if (status >= 400) return new RotationError('REFUSED', context);
  return strangeAnswer(answer, about);
}

/** `Retry-After` in seconds or as a date. */
function retryAfterOf(answer: HttpAnswer): { retryAfter?: number } {
  const header = answer.headers['retry-after'];
  if (header === undefined) return {};
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return { retryAfter: Math.max(0, seconds) };
  const until = Date.parse(header);
  return Number.isNaN(until) ? {} : { retryAfter: Math.max(0, Math.ceil((until - Date.now()) / 1000)) };
}

function originOf(location: string): string {
  try {
    return new URL(location).origin;
  } catch {
    return 'another place on the same host';
  }
}
