import type { Credential } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Principal } from '../../core/plugins/issuer.ts';
import { jsonOf } from '../../lib/http/answer.ts';
import { fillText, type TemplateValues } from '../../lib/http-request/fill.ts';
import { type Send, unexpected } from '../../lib/http-request/send-request.ts';
import { textAt } from '../../lib/http-request/text-at.ts';
import { holds } from './list-keys.ts';
import type { HttpOptions } from './options.ts';

/** @throws RotationError UNAUTHENTICATED when the key is dead: by its status, or because `alive` does not hold */
export async function identify(
  options: NonNullable<HttpOptions['identify']>,
  send: Send,
  subject: string,
  key: Credential,
  { signal }: CallContext,
): Promise<Principal> {
  const about = { subject, action: 'ask who the key acts as', effect: 'read' as const };
  const values = Object.fromEntries(Object.entries(key).map(([name, secret]) => [name, secret.reveal()]));
  const { answer, expected } = await send({
    ...about,
    request: options,
    values,
    headers: basicHeader(options.basic, values, subject),
    // Our own credential would be answered in place of a dead key.
    authorized: false,
    signal,
  });
  if (options.dead.includes(answer.status)) throw dead(about, `status ${answer.status}`);
  if (!expected) throw unexpected(answer, about);
  const document = jsonOf(answer, about);
  if (options.alive !== undefined && !holds(document, options.alive))
    throw dead(about, `${options.alive.path} is not ${String(options.alive.equals)}`);
  const id = textAt(document, options.principal.id);
  if (id === undefined) {
    throw new RotationError('UNAVAILABLE', {
      subject,
      action: about.action,
      reason: `the answer names nobody at ${options.principal.id}`,
      hint: 'Check `identify.principal.id`.',
    });
  }
  return { id, display: textAt(document, options.principal.display) ?? id };
}

function basicHeader(
  basic: NonNullable<HttpOptions['identify']>['basic'],
  values: TemplateValues,
  subject: string,
): Readonly<Record<string, string>> {
  if (basic === undefined) return {};
  const pair = `${fillText(basic.username, values, subject)}:${fillText(basic.password, values, subject)}`;
  return { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}

function dead(about: { readonly subject: string; readonly action: string }, reason: string): RotationError {
  return new RotationError('UNAUTHENTICATED', { subject: about.subject, action: about.action, reason });
}
