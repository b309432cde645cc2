import type { ErrorContext } from '../../core/errors/definitions.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { quoted } from '../quoted.ts';

/** What an error answer of Postman says, in either of its two shapes. */
export interface Said {
  /** `error.name` of the older of the two shapes. */
  readonly name?: string;
  readonly words: string;
}

/** `{type,title,detail}` or `{"error":{name,message}}`; undefined when the body is not Postman's. */
export function saidBy(answer: HttpAnswer): Said | undefined {
  try {
    const body = JSON.parse(answer.body) as Record<string, unknown> | null;
    if (typeof body !== 'object' || body === null) return undefined;
    const error = body['error'] as Record<string, unknown> | null | undefined;
    const name = error?.['name'];
    const words = [error?.['message'], body['detail'], body['title']].find(
      (text) => typeof text === 'string',
    );
    // JSON of a gateway (`{"message":"Unauthorized"}`) has neither.
    if (typeof name !== 'string' && typeof body['title'] !== 'string') return undefined;
    return {
      words: typeof words === 'string' ? quoted(words) : '',
      ...(typeof name === 'string' ? { name } : {}),
    };
  } catch {
    return undefined;
  }
}

/** One of Postman's two 429: slow down, or the month's calls are used up, which no wait of ours cures. */
export function tooMany(
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

/** Above this, a reset time is an epoch in seconds rather than a number of seconds. */
const EPOCH_FROM = 1_000_000_000;

function secondsToWait(headers: HttpAnswer['headers'], now: number): number | undefined {
  for (const name of ['retry-after', 'retryafter', 'x-ratelimit-retryafter', 'x-ratelimit-reset']) {
    const given = Number(headers[name] ?? Number.NaN);
    if (!Number.isFinite(given)) continue;
    return Math.max(0, Math.ceil(given >= EPOCH_FROM ? given - now / 1000 : given));
  }
  return undefined;
}
