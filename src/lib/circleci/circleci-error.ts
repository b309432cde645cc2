import { RotationError } from '../../core/errors/rotation-error.ts';
import { type About, statusError, strangeAnswer } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { quoted } from '../quoted.ts';

/**
 * What an error answer of CircleCI means. 401 and 404 count as CircleCI's only with its JSON in them: a proxy has its
 * own. 404 also hides what the token may not see.
 */
export function circleciError(answer: HttpAnswer, about: About): RotationError {
  const { subject, action } = about;
  const said = wordsOf(answer);
  if (answer.status === 401 || answer.status === 404) {
    // Either way nothing was carried out.
    if (said === undefined) return strangeAnswer(answer, { ...about, effect: 'read' });
    const reason = `${said} (status ${answer.status})`;
    return answer.status === 401
      ? new RotationError('UNAUTHENTICATED', { subject, action, reason })
      : new RotationError('NOT_FOUND', {
          subject,
          action,
          reason,
          hint: 'Check the spelling. CircleCI also answers 404 for what this token may not see.',
        });
  }
  return statusError(answer, about, said);
}

/** `{"message":"…"}`; undefined when the body is not CircleCI's. */
function wordsOf(answer: HttpAnswer): string | undefined {
  try {
    const message = (JSON.parse(answer.body) as { message?: unknown } | null)?.message;
    return typeof message === 'string' ? quoted(message) : undefined;
  } catch {
    return undefined;
  }
}
