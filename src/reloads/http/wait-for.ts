import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { statusError } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { jsonOrUndefined, judgeAnswer } from '../../lib/http-probe/judge-answer.ts';
import { keepAsking } from '../../lib/http-probe/keep-asking.ts';
import { prepareRequest } from '../../lib/http-probe/prepare-request.ts';
import { sendOnce } from '../../lib/http-probe/send-once.ts';
import { atPath } from '../../lib/json-path.ts';
import type { WaitForOptions } from './options.ts';

type Values = Readonly<Record<string, string>>;

export interface Wait {
  /**
   * Call it before the reload: it looks at the old instance. What it gives waits for the new one.
   * @throws RotationError ABORTED; CHECK_FAILED when the new instance did not come up
   */
  begin(values: Values, signal: AbortSignal): Promise<() => Promise<JsonObject>>;
}

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openWait(options: WaitForOptions, ctx: OpenContext): Promise<Wait> {
  const request = await prepareRequest({ ...options, method: 'GET' }, ctx);
  const about = { subject: ctx.name, action: 'see whether the service is up', effect: 'read' } as const;

  const ask = (values: Values, signal: AbortSignal): Promise<HttpAnswer> =>
    sendOnce(request.fill(values), { ...about, signal });

  const look = async (values: Values, before: string | undefined, signal: AbortSignal): Promise<Look> => {
    try {
      const answer = await ask(values, signal);
      const { met, summary } = judgeAnswer(answer, options.expect, values, ctx.name);
      const retryAfter = answer.status === 429 ? statusError(answer, about).context.retryAfter : undefined;
      if (!met || options.differs === undefined) return { settled: met, summary, retryAfter };
      const now = markOf(answer, options.differs);
      if (now === undefined) return { settled: false, summary: `${options.differs} is not there` };
      return {
        settled: now !== before,
        summary: `${options.differs} is ${now === before ? 'still the same' : 'new'}`,
      };
    } catch (error) {
      // A service that restarts refuses and cuts connections; that is what we wait out.
      if (isRotationError(error) && error.retryable)
        return { settled: false, summary: error.context.reason ?? '' };
      throw error;
    }
  };

  return {
    begin: async (values, signal) => {
      const pace = { clock: ctx.clock, signal, subject: ctx.name };
      const before =
        options.differs === undefined
          ? undefined
          : await markBefore(() => ask(values, signal), options.differs, { options, pace });
      return async () => {
        const { reply, attempts } = await keepAsking(options, pace, () => look(values, before, signal));
        if (reply.settled) return { waitedFor: request.label, attempts, seen: reply.summary };
        throw new RotationError('CHECK_FAILED', {
          ...about,
          reason: `it was asked to reload, but is not up after ${attempts} looks: ${reply.summary.slice(0, 200)}`,
          hint: 'Look at the service. If it only needs longer, raise `attempts` or `interval` of `waitFor`.',
        });
      };
    },
  };
}

interface Look {
  readonly settled: boolean;
  readonly summary: string;
  readonly retryAfter?: number | undefined;
}

/** A look may fail while the old instance is there all the same, and would then take it for the new one later. */
const LOOKS_BEFORE = 3;

/** A service that is down before its reload has no mark: any it shows later is new. */
async function markBefore(
  ask: () => Promise<HttpAnswer>,
  path: string,
  {
    options: { attempts, interval },
    pace,
  }: {
    readonly options: Pick<WaitForOptions, 'attempts' | 'interval'>;
    readonly pace: Parameters<typeof keepAsking>[1];
  },
): Promise<string | undefined> {
  const limits = { attempts: Math.min(attempts, LOOKS_BEFORE), interval };
  const { reply } = await keepAsking(limits, pace, async () => {
    const mark = await markNow(ask(), path);
    return { settled: mark !== undefined, mark };
  });
  return reply.mark;
}

async function markNow(asked: Promise<HttpAnswer>, path: string): Promise<string | undefined> {
  try {
    return markOf(await asked, path);
  } catch (error) {
    if (isRotationError(error) && error.retryable) return undefined;
    throw error;
  }
}

function markOf(answer: HttpAnswer, path: string): string | undefined {
  return JSON.stringify(atPath(jsonOrUndefined(answer.body), path));
}
