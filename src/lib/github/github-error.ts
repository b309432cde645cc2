import { RotationError } from '../../core/errors/rotation-error.ts';
import { type About, statusError, strangeAnswer } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { quoted } from '../quoted.ts';
import { rateLimitOf } from './rate-limit.ts';

/**
 * What an error answer of GitHub means. A 401 or 404 counts as GitHub's only with its JSON in it, a 401 only where that says
 * where to read on, since a proxy has its own; a 403 or 429 may be a rate limit; a 404 also hides what we may not see.
 */
export function githubError(answer: HttpAnswer, about: About): RotationError {
  const { subject, action } = about;
  const said = wordsOf(answer);
  const reason = `${said ?? 'no reason given'} (status ${answer.status})`;
  const limit = rateLimitOf(answer, said);
  if (limit !== undefined) {
    return new RotationError('RATE_LIMITED', { subject, action, reason, retryAfter: limit.waitSeconds });
  }
  switch (answer.status) {
    case 301:
    case 307:
    case 308:
      return moved(answer, about);
    case 401:
      if (said === undefined || !saysWhereToRead(answer)) return notCarriedOut(answer, about);
      return new RotationError('UNAUTHENTICATED', {
        subject,
        action,
        reason,
        hint: 'Check that the token is live and for this GitHub; organisations can also expire or revoke it.',
      });
    case 403:
      return forbidden(answer, about, reason);
    case 404:
      if (said === undefined) return notCarriedOut(answer, about);
      return new RotationError('NOT_FOUND', {
        subject,
        action,
        reason,
        hint: 'Check the spelling. GitHub also answers 404 for what this identity may not see.',
      });
    default:
      return statusError(answer, about, said);
  }
}

/** Somebody else's refusal, which no request came through. */
function notCarriedOut(answer: HttpAnswer, about: About): RotationError {
  return strangeAnswer(answer, { ...about, effect: 'read' });
}

/** GitHub's own words, cut to a sane length; undefined when the body is not GitHub's. */
export function wordsOf(answer: HttpAnswer): string | undefined {
  try {
    const body = JSON.parse(answer.body) as { message?: unknown; errors?: unknown } | null;
    if (typeof body?.message !== 'string') return undefined;
    const details = Array.isArray(body.errors) ? body.errors.map(detailOf).filter((text) => text !== '') : [];
    return quoted([body.message, ...details].join('; '));
  } catch {
    return undefined;
  }
}

/** GitHub's errors do, on every kind of GitHub; a gateway's `{"message":"Unauthorized"}` does not. */
function saysWhereToRead({ body }: HttpAnswer): boolean {
  return typeof (JSON.parse(body) as Record<string, unknown>)['documentation_url'] === 'string';
}

/** A plain string, or `{resource, field, code, message}`. */
function detailOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null) return '';
  const { field, code, message } = error as { field?: unknown; code?: unknown; message?: unknown };
  return [field, message ?? code].filter((text) => typeof text === 'string').join(' ');
}

function forbidden(answer: HttpAnswer, { subject, action }: About, reason: string): RotationError {
  const accepted =
    answer.headers['x-accepted-github-permissions'] ?? answer.headers['x-accepted-oauth-scopes'];
  if (accepted === undefined || accepted === '') {
    return new RotationError('PERMISSION_DENIED', { subject, action, reason });
  }
  return new RotationError('PERMISSION_DENIED', {
    subject,
    action,
    reason: `${reason}; needed: ${quoted(accepted)}`,
  });
}

/** A repository that was renamed or transferred is pointed to by its number; anything else is not GitHub's. */
function moved(answer: HttpAnswer, about: About): RotationError {
  const location = answer.headers['location'] ?? '';
  if (!/\/repositories\/\d+/.test(location)) return strangeAnswer(answer, about);
  return new RotationError('NOT_FOUND', {
    subject: about.subject,
    action: about.action,
    reason: `the repository was renamed or transferred (GitHub redirects with ${answer.status})`,
    hint: 'Write its new name into the config; keyturn does not follow redirects with credentials.',
  });
}
