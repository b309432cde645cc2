import type { HttpAnswer } from '../http/http-client.ts';

/** GitHub asks for at least a minute where it names no time. */
const SHORTEST_WAIT_SECONDS = 60;

/**
 * Whether an answer is a refusal for asking too much, and for how long. Primary limits show in `x-ratelimit-remaining: 0`
 * with a reset time, secondary ones in `retry-after` or in words alone; both come as 403 or as 429.
 */
export function rateLimitOf(
  answer: HttpAnswer,
  said: string | undefined,
): { readonly waitSeconds: number } | undefined {
  if (answer.status !== 403 && answer.status !== 429) return undefined;
  const { headers } = answer;
  const asked = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(asked)) return { waitSeconds: Math.max(0, asked) };
  if (headers['x-ratelimit-remaining'] === '0') return { waitSeconds: secondsUntilReset(headers) };
  const limited = answer.status === 429 || /rate limit|abuse detection/i.test(said ?? '');
  return limited ? { waitSeconds: SHORTEST_WAIT_SECONDS } : undefined;
}

/** By the server's clock, which the reset time is in. */
function secondsUntilReset(headers: HttpAnswer['headers']): number {
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  const now = Date.parse(headers['date'] ?? '') / 1000;
  if (!Number.isFinite(reset) || !Number.isFinite(now)) return SHORTEST_WAIT_SECONDS;
  return Math.max(1, Math.ceil(reset - now));
}
