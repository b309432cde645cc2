import type { ErrorCode } from '../../core/errors/codes.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { type About, statusError, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { quoted } from '../../lib/quoted.ts';

/** Travis CI answers 403 where others answer 401; `error_type` tells which it is. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  login_required: 'UNAUTHENTICATED',
  wrong_credentials: 'UNAUTHENTICATED',
  insufficient_access: 'PERMISSION_DENIED',
  admin_access_required: 'PERMISSION_DENIED',
  repo_migrated: 'REFUSED',
  not_found: 'NOT_FOUND',
  duplicate_resource: 'CONFLICT',
};

/** What an error answer of Travis CI means. 403 and 404 count as its own only with its words in them. */
export function travisError(answer: HttpAnswer, about: About): RotationError {
  const { subject, action } = about;
  const said = saidBy(answer);
  if (said === undefined && (answer.status === 403 || answer.status === 404)) {
    return strangeAnswer(answer, { ...about, effect: 'read' });
  }
  const type = said?.type ?? '';
  const code = Object.hasOwn(CODES, type) ? CODES[type] : undefined;
  if (code === undefined || answer.status >= 500) return statusError(answer, about, said?.words);
  const reason = `${said?.words} (status ${answer.status})`;
  if (code !== 'NOT_FOUND') return new RotationError(code, { subject, action, reason });
  return new RotationError(code, {
    subject,
    action,
    reason,
    hint: 'Check the spelling. Travis CI also answers 404 for what this token may not see.',
  });
}

/** `{"@type":"error","error_type","error_message"}`; a token it does not know gets two bare words. */
function saidBy({ body }: HttpAnswer): { readonly type: string; readonly words: string } | undefined {
  if (body.trim() === 'access denied') return { type: 'wrong_credentials', words: 'access denied' };
  try {
    const told = JSON.parse(body) as { error_type?: unknown; error_message?: unknown } | null;
    if (typeof told?.error_type !== 'string') return undefined;
    const words = typeof told.error_message === 'string' ? told.error_message : told.error_type;
    return { type: told.error_type, words: quoted(words) };
  } catch {
    return undefined;
  }
}
