import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { statusError } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { matchesStatus } from '../../lib/http-probe/expected-status.ts';
import { judgeAnswer } from '../../lib/http-probe/judge-answer.ts';
import { prepareRequest } from '../../lib/http-probe/prepare-request.ts';
import { sendOnce } from '../../lib/http-probe/send-once.ts';
import { startTimeLimit } from '../../lib/reload/time-limit.ts';
import type { HttpReloadOptions } from './options.ts';
import { openWait } from './wait-for.ts';

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openHttpReload(options: HttpReloadOptions, ctx: OpenContext): Promise<Reload> {
  const request = await prepareRequest(options, ctx);
  const wait = options.waitFor === undefined ? undefined : await openWait(options.waitFor, ctx);
  return {
    run: async ({ service }, { signal }) => {
      const values = { service };
      const about = { subject: ctx.name, action: `reload ${service}`, effect: 'write' } as const;
      if (signal.aborted) throw new RotationError('ABORTED', { ...about, reason: 'asked to stop' });
      const isUp = await wait?.begin(values, signal);
      const filled = request.fill(values);
      const limit = startTimeLimit(ctx.timeoutMs, { clock: ctx.clock, signal, subject: ctx.name });
      // It may have all of the time: there are services that answer when they are up.
      const answer = await limit.within((within) => sendOnce(filled, { ...about, signal: within }));
      expectAccepted(answer, options, values, about);
      return { request: request.label, status: answer.status, ...(await isUp?.(limit)) };
    },
  };
}

function expectAccepted(
  answer: HttpAnswer,
  { expect }: HttpReloadOptions,
  values: Readonly<Record<string, string>>,
  about: { readonly subject: string; readonly action: string; readonly effect: 'write' },
): void {
  const { met, summary } = judgeAnswer(answer, expect, values, about.subject);
  if (met) return;
  if (!matchesStatus(expect.status, answer.status) && answer.status >= 300) throw statusError(answer, about);
  throw new RotationError('CHECK_FAILED', { ...about, reason: summary });
}
