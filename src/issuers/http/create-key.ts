import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';
import { jsonOf } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { type Send, unexpected } from '../../lib/http-request/send-request.ts';
import { issuedKey } from '../../lib/issuer/key-material.ts';
import { holds } from './list-keys.ts';
import type { HttpOptions } from './options.ts';
import { partsFrom } from './parts-from.ts';

/** One attempt. Whatever is not plainly a key or plainly a refusal is INDETERMINATE: a key may be there. */
export async function createKey(
  options: HttpOptions,
  send: Send,
  subject: string,
  label: string,
  { signal }: CallContext,
): Promise<IssuedKey> {
  const { create } = options;
  const about = { subject, action: 'create a key', effect: 'write' as const };
  const { answer, expected } = await send({
    ...about,
    request: create,
    values: { label },
    authorized: true,
    ...(create.idempotencyHeader === undefined ? {} : { headers: { [create.idempotencyHeader]: label } }),
    signal,
  });
  if (isLimit(answer, create.limit)) {
    throw new RotationError('LIMIT_REACHED', {
      subject,
      action: about.action,
      reason: `status ${answer.status}`,
    });
  }
  if (!expected) throw unexpected(answer, about);
  const made = partsFrom(jsonOf(answer, about), create.parts);
  if ('missing' in made) {
    throw new RotationError('INDETERMINATE', {
      subject,
      action: about.action,
      reason: `the answer has status ${answer.status} but nothing at ${made.missing}`,
      hint: 'Check `create.parts`. A key was probably made: `keyturn resume` looks for it.',
    });
  }
  return issuedKey(made.credential, options.keyId);
}

function isLimit(answer: HttpAnswer, limit: HttpOptions['create']['limit']): boolean {
  if (limit === undefined || answer.status !== limit.status) return false;
  if (limit.where === undefined) return true;
  try {
    return holds(JSON.parse(answer.body), limit.where);
  } catch {
    return false;
  }
}
