import type { RotationError } from '../../core/errors/rotation-error.ts';
import { statusError, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { quoted } from '../../lib/quoted.ts';

export interface About {
  readonly subject: string;
  readonly action: string;
  readonly effect: 'read' | 'write';
}

/**
 * What an error answer of GitGuardian means. A 401 says that the token is dead, but only with GitGuardian's JSON in it:
 * a proxy has a 401 of its own. So has 404.
 */
export function gitguardianError(answer: HttpAnswer, about: About): RotationError {
  const said = wordsOf(answer);
  if (said === undefined && (answer.status === 401 || answer.status === 404)) {
    return strangeAnswer(answer, { ...about, effect: 'read' });
  }
  return statusError(answer, about, said);
}

/** `{"detail"}`, the older `{"error"}`, or `{"field":["what is wrong"]}`; undefined when it is none of them. */
function wordsOf(answer: HttpAnswer): string | undefined {
  try {
    const body = JSON.parse(answer.body) as Record<string, unknown> | null;
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
    const { detail, error } = body;
    if (typeof detail === 'string') return quoted(detail);
    if (typeof error === 'string') return quoted(error);
    const fields = Object.entries(body).flatMap(([field, problems]) =>
      Array.isArray(problems) && problems.every((text) => typeof text === 'string')
        ? [`${field}: ${problems.join(', ')}`]
        : [],
    );
    return fields.length === 0 ? undefined : quoted(fields.join('; '));
  } catch {
    return undefined;
  }
}
