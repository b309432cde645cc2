import { RotationError } from '../../core/errors/rotation-error.ts';
import { jsonOf } from '../../lib/http/answer.ts';
import type { HttpAnswer, HttpClient } from '../../lib/http/http-client.ts';
import type { SdkCall, SdkCalls } from '../../lib/http/sdk-calls.ts';
import { type PipelineClient, type PipelineRequest, pipelineAnswer } from './pipeline-answer.ts';
import { vaultError } from './vault-error.ts';

export interface VaultCall extends SdkCall {
  /** Sent with a new version. */
  readonly dates?: { readonly notBefore?: Date; readonly expiresOn?: Date };
}

/**
 * Our HTTP client under the client of the vault. The SDK opens with a request that has neither body nor token: the
 * vault's refusal names the directory to log in at. That challenge alone is given back to it.
 */
export function vaultWire(http: HttpClient, calls: SdkCalls<VaultCall>): PipelineClient {
  return {
    sendRequest: async (request) => {
      const call = calls.current();
      const asks = !request.headers.has('authorization');
      // Nothing is asked of the vault before it knows who we are.
      const effect = asks ? 'read' : call.effect;
      const answer = await http.send({ ...call, effect, ...requestOf(request, call) });
      if (isChallenge(answer, asks)) return pipelineAnswer(request, answer);
      if (asks && answer.status < 300) {
        const reason = 'it answers without asking who we are, as no Key Vault does';
        throw new RotationError('UNAVAILABLE', { subject: call.subject, action: call.action, reason });
      }
      if (answer.status < 200 || answer.status > 299) throw vaultError(answer, { ...call, effect });
      jsonOf(answer, call);
      return pipelineAnswer(request, answer);
    },
  };
}

function requestOf(request: PipelineRequest, { dates }: VaultCall) {
  const { pathname, search } = new URL(request.url);
  const { body } = request;
  return {
    method: request.method,
    path: `${pathname}${search}`,
    headers: request.headers.toJSON(),
    ...(typeof body === 'string' ? { body: withDates(body, dates) } : {}),
  };
}

/** The first one, or one that asks for a token of another kind (continuous access evaluation). */
function isChallenge(answer: HttpAnswer, first: boolean): boolean {
  if (answer.status !== 401) return false;
  const asked = answer.headers['www-authenticate'] ?? '';
  return first ? /\bauthorization="/.test(asked) : /\binsufficient_claims\b/.test(asked);
}

/** The SDK cuts seconds to 32 bits: an end after January 2038 would become one in the past. */
function withDates(body: string, dates: VaultCall['dates']): string {
  if (dates === undefined) return body;
  const sent = JSON.parse(body) as { readonly attributes?: object };
  const { notBefore, expiresOn } = dates;
  const attributes = {
    ...sent.attributes,
    ...(notBefore === undefined ? {} : { nbf: secondsOf(notBefore) }),
    ...(expiresOn === undefined ? {} : { exp: secondsOf(expiresOn) }),
  };
  return JSON.stringify({ ...sent, attributes });
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
