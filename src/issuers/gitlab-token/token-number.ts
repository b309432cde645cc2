import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { EndingKey, ReplacedKey } from '../../core/plugins/issuer.ts';
import type { GitlabClient } from '../../lib/gitlab/gitlab-client.ts';
import { askSelf } from '../../lib/gitlab/token-facts.ts';
import { tokenOf } from './token-format.ts';

/** GitLab counts tokens; the number is not in the token itself, so a token from outside is known by its fingerprint. */
const NUMBER = /^\d+$/;

/** Undefined when the token is dead. @throws RotationError NOT_FOUND when there is no telling which it is */
export async function numberByMaterial(
  client: GitlabClient,
  { id, material }: EndingKey,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (NUMBER.test(id)) return id;
  if (material === undefined) throw unknown(client.name, id);
  try {
    return (await askSelf(client, tokenOf(await material(), client.name), signal)).id;
  } catch (error) {
    if (isRotationError(error, 'UNAUTHENTICATED')) return undefined;
    throw error;
  }
}

/** Without asking with the token: that would be a use of it. @throws RotationError NOT_FOUND when it was never asked */
export function numberByPrincipal(subject: string, { id, principal }: ReplacedKey): string {
  if (NUMBER.test(id)) return id;
  const told = principal?.details?.['tokenId'];
  if (typeof told === 'string') return told;
  throw unknown(subject, id);
}

function unknown(subject: string, id: string): RotationError {
  return new RotationError('NOT_FOUND', {
    subject,
    action: 'find the token',
    reason: `it is known by its fingerprint ${id} alone, and GitLab counts tokens`,
    hint: 'Look for it in the settings of its owner in GitLab.',
  });
}
