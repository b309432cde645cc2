import { RotationError } from '../../core/errors/rotation-error.ts';
import { statusError } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { quoted } from '../quoted.ts';

export interface About {
  readonly subject: string;
  readonly action: string;
  readonly effect: 'read' | 'write';
  /** The privilege the call needs, for the message of a 403 (whose body is empty). */
  readonly privilege?: string;
  /** What it has to be held on; a variable, when left out. */
  readonly on?: string;
}

/** What Conjur's error answers mean. 401 and 403 come without a body; 404 also hides what we may not see. */
export function conjurError(answer: HttpAnswer, about: About): RotationError {
  const { subject, action } = about;
  const said = wordsOf(answer);
  switch (answer.status) {
    case 403: {
      const reason =
        about.privilege === undefined
          ? 'status 403'
          : `\`${about.privilege}\` on ${about.on ?? 'the variable'} is missing (status 403)`;
      return new RotationError('PERMISSION_DENIED', { subject, action, reason });
    }
    case 404:
      return new RotationError('NOT_FOUND', {
        subject,
        action,
        reason: said === '' ? 'status 404' : said,
        hint: 'Variables are declared by policy; Conjur also answers 404 for what this identity may not see.',
      });
    case 405:
      return new RotationError('REFUSED', {
        subject,
        action,
        reason: said === '' ? 'status 405' : said,
        hint: 'Followers and standbys are read-only: set `address` to the leader. Dynamic variables cannot be written.',
      });
    default:
      return statusError(answer, about, said);
  }
}

/** `{"error":{"message"}}` (v1) or `{"message"}` (v2). Other bodies are a proxy's and are not quoted. */
function wordsOf(answer: HttpAnswer): string {
  try {
    const body = JSON.parse(answer.body) as { error?: { message?: unknown }; message?: unknown } | null;
    const message = body?.error?.message ?? body?.message;
    return typeof message === 'string' ? quoted(message) : '';
  } catch {
    return '';
  }
}
