import type { Credential } from '../../core/credential.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Principal, ReplacedKey } from '../../core/plugins/issuer.ts';
import { type KeyKind, kindOfId, requireKey } from './key-format.ts';

/**
 * Everything that can be said of a new key while the person who brings it is still there. `ask` is one request with it,
 * and is not made for what cannot be the key: a key of another kind or mode would break every service that gets it.
 * @throws RotationError REFUSED, UNAUTHENTICATED, and what else `ask` throws; never with the value
 */
export async function acceptNewKey(
  candidate: Credential,
  replaces: ReplacedKey | undefined,
  stripe: { readonly subject: string; readonly ask: () => Promise<Principal> },
): Promise<KeyKind> {
  const kind = requireKey(candidate, stripe.subject);
  const old = replaces === undefined ? undefined : kindOfId(replaces.id);
  if (old !== undefined) refuseOtherKind(kind, old);
  const principal = await principalOf(stripe.ask);
  if (replaces?.principal !== undefined && principal.id !== replaces.principal.id) {
    throw refused(
      `it is of ${principal.display}, the old one of ${replaces.principal.display}`,
      'Switch to the account of the old key in the Dashboard, and roll the key there.',
    );
  }
  return kind;
}

function refuseOtherKind(kind: KeyKind, old: KeyKind): void {
  if (kind.mode !== old.mode) {
    throw refused(
      `it is a ${kind.mode} key, the old one is a ${old.mode} key`,
      `Roll the key in ${old.mode} mode: the Dashboard has a switch (or a sandbox) for test mode.`,
    );
  }
  if (kind.prefix !== old.prefix) {
    throw refused(
      `it is a ${NAMES[kind.prefix]} key, the old one is a ${NAMES[old.prefix]} key`,
      'Roll the old key instead of making another one: a rolled key keeps its permissions.',
    );
  }
  if (kind.id === old.id) {
    throw refused(
      `it is the same as the old one: both end as ${old.id}`,
      'Give the one that Stripe has just shown. The old one stays in use until the new one is everywhere.',
    );
  }
}

const NAMES = { sk: 'secret (sk_)', rk: 'restricted (rk_)' } as const;

async function principalOf(ask: () => Promise<Principal>): Promise<Principal> {
  try {
    return await ask();
  } catch (error) {
    if (!isRotationError(error, 'UNAUTHENTICATED')) throw error;
    const hint =
      'Copy it again, to the last character. The key that was rolled is not the one that is shown once.';
    throw new RotationError('UNAUTHENTICATED', { ...error.context, hint }, { cause: error });
  }
}

function refused(reason: string, hint: string): RotationError {
  return new RotationError('REFUSED', { subject: 'the new key', reason, hint });
}
