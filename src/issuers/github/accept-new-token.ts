import type { Credential } from '../../core/credential.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Json } from '../../core/json.ts';
import type { Principal, ReplacedKey } from '../../core/plugins/issuer.ts';
import type { GithubIssuerOptions } from './options.ts';
import { scopesLost } from './scopes.ts';
import { hashedToken, kindOf, refuseOtherThanToken } from './token-format.ts';

interface Acceptance extends Pick<GithubIssuerOptions, 'kind' | 'fewerScopes'> {
  readonly subject: string;
  /** One `GET /user` with the candidate; not called for what cannot be the token. */
  readonly ask: () => Promise<Principal>;
}

/**
 * Everything that can be said of a new token while the person who brings it is still there.
 * @throws RotationError REFUSED, UNAUTHENTICATED, and what else `ask` throws; never with the value
 */
export async function acceptNewToken(
  candidate: Credential,
  replaces: ReplacedKey | undefined,
  { subject, kind, fewerScopes, ask }: Acceptance,
): Promise<void> {
  refuseOtherThanToken(candidate, subject);
  if (kind !== undefined && kindOf(candidate) !== kind) {
    throw refused(`it is a ${kindOf(candidate)} token, and the config asks for a ${kind} one`, MAKE_ANOTHER);
  }
  if (replaces !== undefined && hashedToken(candidate) === replaces.id) {
    throw refused(
      'it is the old one',
      'Give the one that was just made; the old one stays in use until later.',
    );
  }
  const principal = await principalBy(ask);
  const old = replaces?.principal;
  if (old === undefined) return;
  if (principal.id !== old.id) {
    const reason = `it acts as ${principal.display}, the old one as ${old.display}`;
    throw refused(reason, `Sign in as the owner of the old token. ${MAKE_ANOTHER}`);
  }
  const lost = fewerScopes ? [] : scopesLost(scopesOf(old), scopesOf(principal));
  // A fine-grained token has permissions in place of scopes, which cannot be compared.
  if (principal.details?.['scopes'] === null || lost.length === 0) return;
  throw refused(
    `it lacks scopes of the old one: ${lost.join(', ')}`,
    `${MAKE_ANOTHER} If it is meant to have less, set \`fewerScopes: true\`.`,
  );
}

const MAKE_ANOTHER = 'Make another token, and delete this one.';

function scopesOf({ details }: Principal): readonly string[] {
  const scopes: Json | undefined = details?.['scopes'];
  return Array.isArray(scopes) ? scopes.filter((scope): scope is string => typeof scope === 'string') : [];
}

async function principalBy(ask: () => Promise<Principal>): Promise<Principal> {
  try {
    return await ask();
  } catch (error) {
    if (!isRotationError(error, 'UNAUTHENTICATED')) throw error;
    const hint = 'Copy it again, to the last character, and check that it was made on this GitHub.';
    throw new RotationError('UNAUTHENTICATED', { ...error.context, hint }, { cause: error });
  }
}

function refused(reason: string, hint: string): RotationError {
  return new RotationError('REFUSED', { subject: 'the new token', reason, hint });
}
