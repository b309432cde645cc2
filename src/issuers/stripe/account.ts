import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Principal } from '../../core/plugins/issuer.ts';
import { recordIn, statusError, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer, HttpClient } from '../../lib/http/http-client.ts';
import { requireKey } from './key-format.ts';
import { describeStripeError, parseStripeError, referencesOf, type StripeError } from './stripe-error.ts';

const ACTION = 'ask Stripe which account the key is of';

/**
 * `GET /v1/account` with the key. A restricted key that may not ask is alive all the same, and the refusal names its
 * account. The principal is account and mode: a test key never stands in for a live one.
 * @throws RotationError UNAUTHENTICATED when the key is expired or deleted; REFUSED when it is of another account than
 *   `expected`
 */
export async function askAccount(
  http: HttpClient,
  key: Credential,
  settings: { readonly subject: string; readonly expected: string | undefined },
  { signal }: CallContext,
): Promise<Principal> {
  const { subject, expected } = settings;
  const { mode, prefix } = requireKey(key, subject);
  const value = key[VALUE_PART]?.reveal() ?? '';
  const answer = await http.send({
    method: 'GET',
    path: '/v1/account',
    headers: { authorization: `Bearer ${value}`, accept: 'application/json' },
    effect: 'read',
    action: ACTION,
    signal,
  });
  const account = accountIn(answer, value, subject);
  if (expected !== undefined && account !== expected) {
    throw new RotationError('REFUSED', {
      subject,
      action: ACTION,
      reason: `it is of ${account}, not of ${expected}`,
      hint: 'Correct `account` in the config, or take the key from the right account.',
    });
  }
  return {
    id: `${account}/${mode}`,
    display: `${account} (${mode} mode${prefix === 'rk' ? ', restricted' : ''})`,
    details: { account, mode },
  };
}

function accountIn(answer: HttpAnswer, key: string, subject: string): string {
  const about = { subject, action: ACTION, effect: 'read' as const };
  if (answer.status === 200) {
    const { id } = recordIn(answer, about) as { id?: unknown };
    if (typeof id === 'string' && /^acct_[A-Za-z0-9]+$/.test(id)) return id;
    throw strangeAnswer(answer, about);
  }
  const error = parseStripeError(answer.body);
  // A 401 of a proxy says nothing of the key.
  if (error === undefined)
    throw answer.status >= 500 ? statusError(answer, about) : strangeAnswer(answer, about);
  if (answer.status === 403) {
    const named = /on account '(acct_[A-Za-z0-9]+)'/.exec(error.message ?? '')?.[1];
    if (named !== undefined) return named;
  }
  throw refusalOf(answer, error, key, about);
}

const DEAD: ReadonlySet<string> = new Set(['api_key_expired', 'platform_api_key_expired']);

function refusalOf(
  answer: HttpAnswer,
  error: StripeError,
  key: string,
  about: { readonly subject: string; readonly action: string; readonly effect: 'read' },
): RotationError {
  const reason = describeStripeError(error, answer.status);
  const references = referencesOf(error, answer.headers['request-id']);
  const told = { ...about, reason, ...(references === '' ? {} : { hint: references }) };
  if (answer.status === 401) {
    const named = namesKey(error.message ?? '', key);
    if (DEAD.has(error.code ?? '') && named !== false) return new RotationError('UNAUTHENTICATED', told);
    if (named === true) {
      return new RotationError('UNAUTHENTICATED', {
        ...told,
        reason: `${reason}: it was deleted, or never existed`,
      });
    }
    return new RotationError('UNAVAILABLE', {
      ...told,
      reason: `${reason}; that is not about the key that was sent`,
      hint: `Check what stands between this machine and Stripe. ${references}`.trim(),
    });
  }
  const known = statusError(answer, about);
  // Stripe has said `slow down` with 400 as well.
  const code = error.code === 'rate_limit' ? 'RATE_LIMITED' : known.code;
  return new RotationError(code, { ...known.context, ...told });
}

/** `Invalid API Key provided: sk_live_****4f2a`: whether that is the one we sent; undefined where none is named. */
function namesKey(message: string, key: string): boolean | undefined {
  const [, beginning, end] = /([rs]k_(?:live|test)_[A-Za-z0-9]*)\*+([A-Za-z0-9]+)/.exec(message) ?? [];
  if (beginning === undefined || end === undefined) return undefined;
  return key.startsWith(beginning) && key.endsWith(end);
}
