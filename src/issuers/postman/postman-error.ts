import type { RotationError } from '../../core/errors/rotation-error.ts';
import { statusError, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { saidBy, tooMany } from '../../lib/postman/said-by.ts';

/**
 * What an error answer to `GET /me` means. There, and only there, 401 says that the key is dead: elsewhere Postman
 * uses it for missing permissions as well. A 401 that is not JSON comes from a proxy and says nothing of the key.
 */
export function meError(
  answer: HttpAnswer,
  about: { readonly subject: string; readonly action: string },
  now: number,
): RotationError {
  const read = { ...about, effect: 'read' as const };
  const said = saidBy(answer);
  if (answer.status === 429) return tooMany(answer, said, about, now);
  if (said === undefined && answer.status < 500) return strangeAnswer(answer, read);
  return statusError(answer, read, said?.words);
}
