import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { statusError } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { judgeAnswer } from '../../lib/http-probe/judge-answer.ts';
import { prepareRequest } from '../../lib/http-probe/prepare-request.ts';
import { sendOnce } from '../../lib/http-probe/send-once.ts';
import { lookUntil } from '../../lib/reload/look-until.ts';
import { forRequests } from '../../lib/reload/request-time.ts';
import type { TimeLimit } from '../../lib/reload/time-limit.ts';
import { markBefore, markOf } from './instance-mark.ts';
import type { WaitForOptions } from './options.ts';

type Values = Readonly<Record<string, string>>;

export interface Wait {
  /**
   * Call it before the reload: it looks at the old instance. What it gives waits for the new one.
   * @throws RotationError ABORTED; CHECK_FAILED when the new instance did not come up
   */
  begin(values: Values, signal: AbortSignal): Promise<(limit: TimeLimit) => Promise<JsonObject>>;
}

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openWait(options: WaitForOptions, ctx: OpenContext): Promise<Wait> {
  const request = await prepareRequest({ ...options, method: 'GET' }, forRequests(ctx));
  const about = { subject: ctx.name, action: 'see whether the service is up', effect: 'read' } as const;
  const { differs, expect, interval } = options;

  const ask = (values: Values, signal: AbortSignal): Promise<HttpAnswer> =>
    sendOnce(request.fill(values), { ...about, signal });

  const judge = (answer: HttpAnswer, values: Values, before: string | undefined): Look => {
    const { met, summary } = judgeAnswer(answer, expect, values, ctx.name);
    if (!met && answer.status === 429) throw statusError(answer, about);
    if (!met || differs === undefined) return { isUp: met, summary };
    const now = markOf(answer, differs);
    if (now === undefined) return { isUp: false, summary: `${differs} is not there` };
    return { isUp: now !== before, summary: `${differs} is ${now === before ? 'still the same' : 'new'}` };
  };

  return {
    begin: async (values, signal) => {
      const pace = { clock: ctx.clock, signal, interval };
      const before =
        differs === undefined ? undefined : await markBefore(() => ask(values, signal), differs, pace);
      return async (limit) => {
        const look = async (within: AbortSignal): Promise<Look> =>
          judge(await ask(values, within), values, before);
        const { seen, looks } = await lookUntil(look, limit, {
          subject: about.subject,
          action: about.action,
          interval,
          isUp: ({ isUp }) => isUp,
          tell: ({ summary }) => summary,
          hint: () => 'Look at the service.',
        });
        return { waitedFor: request.label, looks, seen: seen.summary };
      };
    },
  };
}

interface Look {
  readonly isUp: boolean;
  readonly summary: string;
}
