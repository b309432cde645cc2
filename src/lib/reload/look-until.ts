import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import { formatDuration, parseDuration } from '../duration.ts';
import { quoted } from '../quoted.ts';
import { NO_TIME, type TimeLimit } from './time-limit.ts';

export interface Awaited<Seen> {
  readonly subject: string;
  /** What we do: `wait for the new deployment`. */
  readonly action: string;
  /** As the options have it. */
  readonly interval: string;
  /** @throws RotationError when it never will be */
  isUp(seen: Seen): boolean;
  /** For people, who read it when the time is over. */
  tell(seen: Seen): string;
  /** What they do next. */
  hint(seen: Seen | undefined): string;
}

/** A system may ask for patience, but not hold up a rotation for as long as it likes. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/** Where no whole interval fits any more, a last look is made this long before the end. */
const LAST_LOOK_MS = 5000;

/**
 * Looks until the service is up, in the time that is left.
 * @throws RotationError CHECK_FAILED when the time is over, and what was awaited throws; ABORTED; what is no passing
 * trouble of a look
 */
export async function lookUntil<Seen>(
  look: (signal: AbortSignal) => Promise<Seen>,
  limit: TimeLimit,
  awaited: Awaited<Seen>,
): Promise<{ readonly seen: Seen; readonly looks: number }> {
  const intervalMs = parseDuration(awaited.interval) ?? 0;
  let last: Last<Seen> = { trouble: NO_TIME };
  for (let looks = 1; limit.left() > 0; looks += 1) {
    const { seen = last.seen, trouble, pauseMs = 0 } = await once(look, limit);
    if (seen !== undefined && trouble === undefined && awaited.isUp(seen)) return { seen, looks };
    last = { seen, trouble };
    if (limit.signal.aborted) {
      const { subject, action } = awaited;
      throw new RotationError('ABORTED', { subject, action, reason: 'asked to stop' });
    }
    const pause = pauseThatFits(Math.max(intervalMs, pauseMs), limit);
    if (pause === undefined) break;
    await limit.pause(pause);
  }
  throw tooSlow(last, limit, awaited);
}

/** The last look that showed something, and why the last of all did not. */
interface Last<Seen> {
  readonly seen?: Seen | undefined;
  readonly trouble?: string | undefined;
}

interface Look<Seen> extends Last<Seen> {
  readonly pauseMs?: number;
}

/** A look that failed for a moment says nothing of what goes on. */
async function once<Seen>(
  look: (signal: AbortSignal) => Promise<Seen>,
  limit: TimeLimit,
): Promise<Look<Seen>> {
  try {
    return { seen: await limit.within(look) };
  } catch (error) {
    if (!isRotationError(error) || !error.retryable) throw error;
    const { reason = error.message, retryAfter = 0 } = error.context;
    return { trouble: quoted(reason), pauseMs: Math.min(retryAfter * 1000, LONGEST_PAUSE_MS) };
  }
}

/** In ms; undefined when there is no time for another look. */
function pauseThatFits(wanted: number, limit: TimeLimit): number | undefined {
  const left = limit.left();
  if (wanted < left) return wanted;
  const lastLook = Math.min(LAST_LOOK_MS, limit.ms / 10);
  return left >= 2 * lastLook ? left - lastLook : undefined;
}

function tooSlow<Seen>(
  { seen, trouble }: Last<Seen>,
  limit: TimeLimit,
  awaited: Awaited<Seen>,
): RotationError {
  const parts = [
    ...(seen === undefined ? [] : [quoted(awaited.tell(seen), 300)]),
    ...(trouble === undefined ? [] : [`the last look failed: ${trouble}`]),
  ];
  return new RotationError('CHECK_FAILED', {
    subject: awaited.subject,
    action: awaited.action,
    reason: `it was started, but is not done within ${formatDuration(limit.ms)}: ${parts.join('; ')}`,
    hint: `${awaited.hint(seen)} If it only needs longer, raise \`timeout\` of the reload.`,
  });
}
