import type { JsonObject } from '../../core/json.ts';
import type { Principal } from '../../core/plugins/issuer.ts';
import type { Secret } from '../../core/secret.ts';
import type { GitlabClient } from '../../lib/gitlab/gitlab-client.ts';
import { askSelf, type TokenFacts } from '../../lib/gitlab/token-facts.ts';
import { levelName } from './access-level.ts';
import type { GitlabTokenOptions } from './options.ts';
import type { Owner } from './owner.ts';
import type { TokensApi } from './tokens-api.ts';

/** A live token: what GitLab tells it of itself, with its role where that can be seen. */
export interface KnownToken {
  readonly facts: TokenFacts;
  /** It is one of the tokens that are rotated here. */
  readonly ours: boolean;
}

/**
 * Asks with the token, then with our own for its role: a token is not told that.
 * @throws RotationError UNAUTHENTICATED when the token is dead
 */
export async function lookAtToken(
  { client, api, owner }: { readonly client: GitlabClient; readonly api: TokensApi; readonly owner: Owner },
  key: Secret,
  signal: AbortSignal,
): Promise<KnownToken> {
  const facts = await askSelf(client, key, signal);
  if (owner.kind === 'user') return { facts, ours: facts.userId === owner.userId };
  const seen = await api.get(facts.id, signal);
  return { facts: seen ?? facts, ours: seen !== undefined };
}

/** What the config gives new tokens, whatever the old one has. */
type Overridden = Pick<GitlabTokenOptions, 'scopes' | 'accessLevel'>;

/**
 * The bot user of a project or group access token is another one for each token, so it is no principal: owner, role and
 * scopes are. A personal token acts as its user, as far as its scopes go. What the config changes may differ.
 */
export function principalOf({ facts, ours }: KnownToken, owner: Owner, overridden: Overridden): Principal {
  const { id, userId, scopes, accessLevel, expiresAt, createdAt } = facts;
  const who = ours ? owner.ref : `users/${userId}`;
  const role = accessLevel === undefined ? '' : ` as ${levelName(accessLevel)}`;
  const reach = ` with ${scopes.join(', ')}`;
  const details: JsonObject = {
    tokenId: id,
    scopes,
    ...(accessLevel === undefined ? {} : { accessLevel }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
  const compared = [
    overridden.accessLevel === undefined ? role : '',
    overridden.scopes === undefined ? reach : '',
  ];
  return { id: `${who}${compared.join('')}`, display: `${who}${role}${reach}`, details };
}
