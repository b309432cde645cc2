import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { KeyRef, Usage } from '../../core/plugins/issuer.ts';
import { jsonOf } from '../../lib/http/answer.ts';
import { type Send, unexpected } from '../../lib/http-request/send-request.ts';
import { atPath } from '../../lib/json-path.ts';
import type { HttpOptions } from './options.ts';

/**
 * "Never used" opens the gate, so it takes an explicit null or empty text: a path at which there is nothing is a
 * mistake in the config.
 */
export async function askLastUsed(
  options: NonNullable<HttpOptions['lastUsed']>,
  send: Send,
  subject: string,
  ref: KeyRef,
  { signal }: CallContext,
): Promise<Usage> {
  const about = { subject, action: 'ask when the key was last used', effect: 'read' as const };
  const call = { ...about, request: options, values: { keyId: ref.id }, authorized: true, signal };
  const { answer, expected } = await send(call);
  if (!expected) throw unexpected(answer, about);
  const at = atPath(jsonOf(answer, about), options.at);
  if (at === null || at === '') return { lastUsedAt: undefined };
  const time = isoTime(at);
  if (time !== undefined) return { lastUsedAt: time };
  throw new RotationError('UNAVAILABLE', {
    subject,
    action: about.action,
    reason: `there is no time at ${options.at}`,
    hint: 'Check `lastUsed.at`; for "never" the API has to answer null or an empty text.',
  });
}

/** Seconds below this, milliseconds above: the border is in the year 5138, or in 1973. */
const MILLISECONDS_FROM = 100_000_000_000;

function isoTime(at: unknown): string | undefined {
  if (typeof at !== 'string' && typeof at !== 'number') return undefined;
  const time = typeof at === 'string' ? Date.parse(at) : at < MILLISECONDS_FROM ? at * 1000 : at;
  return Number.isFinite(time) ? new Date(time).toISOString() : undefined;
}
