import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Json } from '../../core/json.ts';
import { statusError, strangeAnswer } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { createRedactor, redactor } from '../redactor.ts';

export interface About {
  readonly subject: string;
  readonly action: string;
  readonly effect: 'read' | 'write';
  readonly patch?: 'merge' | 'strategic-merge' | 'json';
  /** What was sent: the answer may repeat it. */
  readonly body?: Json;
}

const LONGEST_QUOTE = 300;

/** All that is said of a JSON patch with a test that does not hold, or a place that is not there. */
const TEST_FAILED = 'the server rejected our request due to an error in our request';

/**
 * What an error answer means. The API server says everything in a `Status` object; 401, 403 and 404 without one are a
 * proxy's, and say nothing about the cluster.
 */
export function kubernetesError(answer: HttpAnswer, about: About): RotationError {
  const { subject, action } = about;
  const said = wordsOf(answer, about);
  if (said === undefined && [401, 403, 404].includes(answer.status))
    return strangeAnswer(answer, { ...about, effect: 'read' });
  const words = said ?? '';
  const context = { subject, action, reason: `${words} (status ${answer.status})` };
  // Admission has the last word on what may be written; with a fault in a webhook it is 500.
  if (answer.status < 500 && words.startsWith('admission webhook'))
    return new RotationError('REFUSED', { ...context, hint: 'A policy of the cluster does not allow it.' });
  if (about.patch === 'json' && answer.status === 422 && words === TEST_FAILED)
    return new RotationError('CONFLICT', { ...context, reason: 'it is not what it was when it was read' });
  // Of a list alone: its next page is of a state that the server has forgotten.
  if (answer.status === 410 && about.effect === 'read') return new RotationError('UNAVAILABLE', context);
  if (answer.status === 422 && words.includes('Too long')) return new RotationError('LIMIT_REACHED', context);
  if (answer.status === 403 && words.includes('exceeded quota'))
    return new RotationError('LIMIT_REACHED', context);
  return statusError(answer, about, words);
}

/** The message of a `Status`; undefined when the body is no such thing. */
function wordsOf({ body }: HttpAnswer, about: About): string | undefined {
  try {
    const told = JSON.parse(body) as { kind?: unknown; message?: unknown } | null;
    if (told?.kind !== 'Status') return undefined;
    return typeof told.message === 'string' ? quotable(told.message, about) : '';
  } catch {
    return undefined;
  }
}

/** Of what it could not make sense of, the server repeats all: the values of a Secret too. */
function quotable(message: string, about: About): string {
  // First of all the values: what is cut would not be known as one any more.
  const words = redactor.redact(withoutValues(message, about));
  return words.replace(/: "?\{[\s\S]*/, ': (an object)').slice(0, LONGEST_QUOTE);
}

/** A webhook may repeat any value of the Secret that it did not like, also one that is not ours. */
function withoutValues(message: string, { body }: About): string {
  const theirs = createRedactor();
  const { data } = (body ?? {}) as { data?: Readonly<Record<string, unknown>> };
  for (const value of Object.values(data ?? {})) {
    if (typeof value !== 'string') continue;
    theirs.learn(value);
    theirs.learn(Buffer.from(value, 'base64').toString('utf8'));
  }
  return theirs.redact(message);
}
