import type { Credential } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Check, CheckResult, Verdict } from '../../core/plugins/check.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import { statusError } from '../../lib/http/answer.ts';
import { judgeAnswer } from '../../lib/http-probe/judge-answer.ts';
import { keepAsking } from '../../lib/http-probe/keep-asking.ts';
import { type PreparedRequest, prepareRequest } from '../../lib/http-probe/prepare-request.ts';
import { sendOnce } from '../../lib/http-probe/send-once.ts';
import type { HttpCheckOptions } from './options.ts';
import { unanswered } from './unanswered.ts';

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openHttpCheck(options: HttpCheckOptions, ctx: OpenContext): Promise<Check> {
  const request = await prepareRequest(options, ctx);
  return {
    run: async (subject, call) => {
      const pace = { clock: ctx.clock, signal: call.signal, subject: ctx.name };
      const { reply, attempts } = await keepAsking(options.retries, pace, () =>
        askOnce(request, subject.credential, options, ctx, call),
      );
      const { verdict, summary, evidence } = reply;
      return {
        verdict,
        summary: attempts === 1 ? summary : `${summary} (attempt ${attempts})`,
        evidence: { request: request.label, attempts, ...evidence },
      };
    },
  };
}

interface Reply extends CheckResult {
  readonly settled: boolean;
  readonly retryAfter?: number | undefined;
}

async function askOnce(
  request: PreparedRequest,
  credential: Credential,
  options: HttpCheckOptions,
  ctx: OpenContext,
  call: CallContext,
): Promise<Reply> {
  const about = { subject: ctx.name, action: 'ask the service', effect: 'read' } as const;
  try {
    const values = plaintextOf(credential);
    const answer = await sendOnce(request.fill(values), { ...about, signal: call.signal });
    const judgement = judgeAnswer(answer, options.expect, values, ctx.name);
    const verdict = verdictOn(judgement.met, answer.status);
    const asked = verdict === 'inconclusive' ? statusError(answer, about).context.retryAfter : undefined;
    return { ...judgement, verdict, settled: judgement.met, retryAfter: asked };
  } catch (error) {
    if (!isRotationError(error) || error.code === 'ABORTED') throw error;
    // A value or an option that cannot be sent now cannot be sent in two seconds either.
    const settled = error.code === 'CONFIG_INVALID' || error.code === 'REFUSED';
    return { ...unanswered(error, options.url), settled };
  }
}

/** Too many questions is a refusal to answer this one, not an answer to it. */
function verdictOn(met: boolean, status: number): Verdict {
  if (met) return 'pass';
  return status === 429 ? 'inconclusive' : 'fail';
}

function plaintextOf(credential: Credential): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(credential).map(([part, secret]) => [part, secret.reveal()]));
}
