import type { Clock } from '../../core/clock.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import { parseDuration } from '../../lib/duration.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { jsonOrUndefined } from '../../lib/http-probe/judge-answer.ts';
import { atPath } from '../../lib/json-path.ts';

/** A look may fail while the old instance is there all the same, and would then take it for the new one later. */
const LOOKS_BEFORE = 3;

/**
 * What tells the old instance from the new one. A service that is down before its reload has none: any it shows later
 * is new.
 */
export async function markBefore(
  ask: () => Promise<HttpAnswer>,
  path: string,
  pace: { readonly clock: Clock; readonly signal: AbortSignal; readonly interval: string },
): Promise<string | undefined> {
  for (let looks = 1; ; looks += 1) {
    const mark = await markNow(ask(), path);
    if (mark !== undefined || looks === LOOKS_BEFORE) return mark;
    await pace.clock.sleep(parseDuration(pace.interval) ?? 0, pace.signal);
  }
}

async function markNow(asked: Promise<HttpAnswer>, path: string): Promise<string | undefined> {
  try {
    return markOf(await asked, path);
  } catch (error) {
    if (isRotationError(error) && error.retryable) return undefined;
    throw error;
  }
}

export function markOf(answer: HttpAnswer, path: string): string | undefined {
  return JSON.stringify(atPath(jsonOrUndefined(answer.body), path));
}
