import { RotationError } from '../../core/errors/rotation-error.ts';
import { type About, statusError, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { quoted } from '../../lib/quoted.ts';

/** Limits are counted by the hour, and Bitbucket does not always say for how long to wait. */
const PATIENCE_SECONDS = 60;

/**
 * What an error answer of Bitbucket means. A 404 counts as its own only with its JSON in it, since a proxy has one too;
 * it also hides what the token may not see.
 */
export function bitbucketError(answer: HttpAnswer, about: About): RotationError {
  const { subject, action } = about;
  const said = wordsOf(answer);
  const reason = `${said ?? 'no reason given'} (status ${answer.status})`;
  switch (answer.status) {
    case 401:
      return new RotationError('UNAUTHENTICATED', {
        subject,
        action,
        reason,
        hint: 'Check that the token is live. An API token goes with the email of its account (`method: api-token`), an access token without (`method: access-token`).',
      });
    case 403:
      return new RotationError('PERMISSION_DENIED', {
        subject,
        action,
        reason,
        hint: 'The token needs the scopes `read:pipeline:bitbucket` and `admin:pipeline:bitbucket` (OAuth: `pipeline:variable`), and its user has to be an administrator.',
      });
    case 404:
      // Either way nothing was carried out.
      if (said === undefined) return strangeAnswer(answer, { ...about, effect: 'read' });
      return new RotationError('NOT_FOUND', {
        subject,
        action,
        reason,
        hint: 'Check the spelling. Bitbucket also answers 404 for what this token may not see.',
      });
    case 429: {
      const { retryAfter = PATIENCE_SECONDS } = statusError(answer, about).context;
      return new RotationError('RATE_LIMITED', { subject, action, reason, retryAfter });
    }
    default:
      return statusError(answer, about, said);
  }
}

/**
 * `{"type":"error","error":{"message","detail"}}`; undefined when the body is not Bitbucket's. Of missing scopes
 * `detail` is an object that names them.
 */
function wordsOf(answer: HttpAnswer): string | undefined {
  try {
    const body = JSON.parse(answer.body) as { error?: { message?: unknown; detail?: unknown } } | null;
    const { message, detail } = body?.error ?? {};
    if (typeof message !== 'string') return undefined;
    const more = typeof detail === 'string' ? ` ${detail}` : requiredIn(detail);
    return quoted(`${message}${more}`);
  } catch {
    return undefined;
  }
}

function requiredIn(detail: unknown): string {
  const required = (detail as { required?: unknown } | null | undefined)?.required;
  return Array.isArray(required) ? ` Required: ${required.map(String).join(', ')}.` : '';
}
