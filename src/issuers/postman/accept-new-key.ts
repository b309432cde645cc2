import type { Credential } from '../../core/credential.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Principal, ReplacedKey } from '../../core/plugins/issuer.ts';
import { publicHalf, refuseOtherThanKey } from './key-format.ts';
import type { Me } from './me.ts';

/**
 * Everything that can be said of a new key while the person who brings it is still there. `ask` is one `GET /me` with
 * it, and is not called for what cannot be the key.
 * @throws RotationError REFUSED, UNAUTHENTICATED, and what else `ask` throws; never with the value
 */
export async function acceptNewKey(
  candidate: Credential,
  replaces: ReplacedKey | undefined,
  postman: { readonly subject: string; readonly ask: () => Promise<Me> },
): Promise<void> {
  refuseOtherThanKey(candidate, postman.subject);
  // The public half is all that the page shows of a key: two with the same could not be told apart when one is to go.
  if (replaces !== undefined && publicHalf(candidate) === replaces.id) {
    throw refused(
      `it is the same as the old one: both begin with ${replaces.id}`,
      'Give the one that was just made. The old one stays in use until the new one is everywhere.',
    );
  }
  const principal = await principalOf(postman.ask);
  const old = replaces?.principal;
  if (old === undefined || principal.id === old.id) return;
  throw refused(
    `it acts as ${principal.display}, the old one as ${old.display}`,
    'Make the new key as the same user, in the same team, as the old key. If this one was made by mistake, delete it.',
  );
}

async function principalOf(ask: () => Promise<Me>): Promise<Principal> {
  try {
    return (await ask()).principal;
  } catch (error) {
    if (!isRotationError(error, 'UNAUTHENTICATED')) throw error;
    const hint =
      'Copy it again, to the last character. If it was made a moment ago, Postman may need a little longer.';
    throw new RotationError('UNAUTHENTICATED', { ...error.context, hint }, { cause: error });
  }
}

function refused(reason: string, hint: string): RotationError {
  return new RotationError('REFUSED', { subject: 'the new key', reason, hint });
}
