import type { ErrorContext } from '../../core/errors/definitions.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { statusError, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';

const LONGEST_QUOTE = 200;

/** Above this, a reset time is an epoch in seconds rather than a number of seconds. */
const EPOCH_FROM = 1_000_000_000;

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
  if (said === undefined && answer.status < 500) return strangeAnswer(answer, read);
  if (answer.status === 429) return tooMany(answer, said, about, now);
  return statusError(answer, read, said?.words);
}

/** One of Postman's two 429: slow down, or the month's calls are used up, which no wait of ours cures. */
function tooMany(
  answer: HttpAnswer,
  said: Said | undefined,
  about: ErrorContext,
  now: number,
): RotationError {
  const reason = `${said?.words ?? 'too many requests'} (status 429)`;
  if (said?.name === 'serviceLimitExhausted') {
    return new RotationError('LIMIT_REACHED', {
      ...about,
      reason,
      hint: 'The monthly API calls of the team are used up: raise the limit in Postman, or wait for the next month.',
    });
  }
  const retryAfter = secondsToWait(answer.headers, now);
  return new RotationError('RATE_LIMITED', {
    ...about,
    reason,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

function secondsToWait(headers: HttpAnswer['headers'], now: number): number | undefined {
  for (const name of ['retry-after', 'retryafter', 'x-ratelimit-retryafter', 'x-ratelimit-reset']) {
    const given = Number(headers[name] ?? Number.NaN);
    if (!Number.isFinite(given)) continue;
    return Math.max(0, Math.ceil(given >= EPOCH_FROM ? given - now / 1000 : given));
  }
  return undefined;
}

interface Said {
  /** `error.name` of the older of the two shapes. */
  readonly name?: string;
  readonly words: string;
}

/** `{type,title,detail}` or `{"error":{name,message}}`; undefined when the body is not Postman's. */
function saidBy(answer: HttpAnswer): Said | undefined {
  try {
    const body = JSON.parse(answer.body) as Record<string, unknown> | null;
    if (typeof body !== 'object' || body === null) return undefined;
    const error = body['error'] as Record<string, unknown> | null | undefined;
    const name = error?.['name'];
    const words = [error?.['message'], body['detail'], body['title']].find(
      (text) => typeof text === 'string',
    );
    return {
      words: typeof words === 'string' ? words.slice(0, LONGEST_QUOTE) : '',
      ...(typeof name === 'string' ? { name } : {}),
    };
  } catch {
    return undefined;
  }
}
