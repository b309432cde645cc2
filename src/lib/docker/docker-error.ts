import { RotationError } from '../../core/errors/rotation-error.ts';
import { statusError, strangeAnswer } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { quoted } from '../quoted.ts';

export interface About {
  readonly subject: string;
  readonly action: string;
  readonly effect: 'read' | 'write';
}

const LONGEST_QUOTE = 300;

/** What an error answer of the engine means. Swarm's own refusals come with statuses that changed over the years. */
export function dockerError(answer: HttpAnswer, about: About): RotationError {
  const { subject, action } = about;
  const said = wordsOf(answer);
  if (said === undefined && [401, 403, 404].includes(answer.status))
    return strangeAnswer(answer, { ...about, effect: 'read' });
  const words = said ?? '';
  const context = { subject, action, reason: `${words} (status ${answer.status})` };
  if (words.includes('update out of sequence')) return new RotationError('CONFLICT', context);
  if (words.includes('is in use by')) return new RotationError('REFUSED', context);
  if (words.includes('larger than 0 and less than')) return new RotationError('LIMIT_REACHED', context);
  if (answer.status === 503 && words.includes('not a swarm manager')) {
    const hint = 'Set `address` to the engine of a swarm manager.';
    return new RotationError('REFUSED', { ...context, hint });
  }
  return statusError(answer, about, words);
}

/** `{"message":"…"}`; undefined when the body is not the engine's. */
function wordsOf({ body }: HttpAnswer): string | undefined {
  try {
    const message = (JSON.parse(body) as { message?: unknown } | null)?.message;
    return typeof message === 'string' ? quoted(message, LONGEST_QUOTE) : undefined;
  } catch {
    return undefined;
  }
}
