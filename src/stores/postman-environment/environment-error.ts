import { RotationError } from '../../core/errors/rotation-error.ts';
import { type About, statusError, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { saidBy, tooMany } from '../../lib/postman/said-by.ts';

/** Postman says `You are not authorized to perform this action.` with 401 as well: the key is live all the same. */
const NOT_ALLOWED = /not authorized to/i;

export function environmentError(answer: HttpAnswer, about: About, now: number): RotationError {
  const { subject, action } = about;
  const said = saidBy(answer);
  if (answer.status === 429) return tooMany(answer, said, { subject, action }, now);
  if (said === undefined && answer.status < 500) return strangeAnswer(answer, about);
  if (answer.status === 401) {
    const reason = `${said?.words ?? ''} (status 401)`;
    if (NOT_ALLOWED.test(reason)) return new RotationError('PERMISSION_DENIED', { subject, action, reason });
    const hint = 'If `apiKey` is the key that was rotated, give keyturn the new one.';
    return new RotationError('UNAUTHENTICATED', { subject, action, reason, hint });
  }
  return statusError(answer, about, said?.words);
}

/** An unknown environment is 404 or, for a GET, 400 with a name of its own. */
export function isAbsent(answer: HttpAnswer): boolean {
  return answer.status === 404 || (answer.status === 400 && saidBy(answer)?.name === 'instanceNotFoundError');
}
