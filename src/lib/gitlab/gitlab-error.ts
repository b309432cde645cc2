import { RotationError } from '../../core/errors/rotation-error.ts';
import { type About, statusError, strangeAnswer } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { quoted } from '../quoted.ts';

/**
 * What an error answer of GitLab means. 401, 403 and 404 count as GitLab's only with its JSON in them: a proxy has its
 * own, and death is concluded from a 401. 404 also hides what the token may not see.
 */
export function gitlabError(answer: HttpAnswer, about: About): RotationError {
  const { subject, action } = about;
  const said = wordsOf(answer);
  const reason = `${said ?? 'no reason given'} (status ${answer.status})`;
  switch (answer.status) {
    case 401:
    case 403:
    case 404:
      // Either way nothing was carried out.
      if (said === undefined) return strangeAnswer(answer, { ...about, effect: 'read' });
  }
  switch (answer.status) {
    case 401:
      return saysDead(answer) ? statusError(answer, about, said) : notLetIn(about, reason);
    case 403:
      return new RotationError('PERMISSION_DENIED', {
        subject,
        action,
        reason,
        hint: 'The token needs the scope `api`, and its user the role that GitLab asks for here.',
      });
    case 404:
      return new RotationError('NOT_FOUND', {
        subject,
        action,
        reason,
        hint: 'Check the spelling. GitLab also answers 404 for what this token may not see.',
      });
    default:
      return statusError(answer, about, said);
  }
}

/** GitLab's `invalid_token`, or its `401 Unauthorized`; a gateway says `Unauthorized`, and a demand for DPoP is no death. */
function saysDead({ body }: HttpAnswer): boolean {
  const { error, message } = JSON.parse(body) as Record<string, unknown>;
  return error === 'invalid_token' || (typeof message === 'string' && /^401\b/.test(message));
}

function notLetIn({ subject, action }: About, reason: string): RotationError {
  return new RotationError('PERMISSION_DENIED', {
    subject,
    action,
    reason,
    hint: 'That is not what GitLab says of a dead token: look for a gateway before it, or a demand on the token (DPoP).',
  });
}

/**
 * `{"message":"…"}`, `{"message":{"field":["…"]}}`, `{"error":"…","error_description":"…"}`; undefined when the body is
 * not GitLab's. GitLab repeats names of parameters in it, not their values.
 */
function wordsOf(answer: HttpAnswer): string | undefined {
  try {
    const body = JSON.parse(answer.body) as Record<string, unknown> | null;
    const words = [textOf(body?.['message']), textOf(body?.['error']), textOf(body?.['error_description'])];
    const said = words.filter((text) => text !== undefined).join(': ');
    return said === '' ? undefined : quoted(said);
  } catch {
    return undefined;
  }
}

function textOf(told: unknown): string | undefined {
  if (typeof told === 'string') return told === '' ? undefined : told;
  if (typeof told !== 'object' || told === null) return undefined;
  const parts = Object.entries(told).map(
    ([field, reasons]) => `${field} ${(Array.isArray(reasons) ? reasons : [reasons]).map(String).join(', ')}`,
  );
  return parts.length === 0 ? undefined : parts.join('; ');
}
