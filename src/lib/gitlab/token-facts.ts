import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import type { GitlabClient, GitlabObject } from './gitlab-client.ts';

/** What GitLab tells of an access token; never its value. */
export interface TokenFacts {
  readonly id: string;
  readonly name: string;
  /** Project and group access tokens have a bot user each. */
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly active: boolean;
  /** ISO 8601. */
  readonly createdAt: string | undefined;
  /** `YYYY-MM-DD`; undefined for a token that does not expire. */
  readonly expiresAt: string | undefined;
  /** ISO 8601; undefined when it was never used. */
  readonly lastUsedAt: string | undefined;
  /** Of project and group access tokens, where they are asked for: 10 (guest) to 50 (owner). */
  readonly accessLevel: number | undefined;
}

/** Undefined when it describes no token. */
export function tokenFactsIn(told: GitlabObject): TokenFacts | undefined {
  const { id, user_id, scopes } = told;
  if (typeof id !== 'number' || !isTexts(scopes)) return undefined;
  const level = told['access_level'];
  return {
    id: String(id),
    name: textIn(told['name']) ?? '',
    userId: String(user_id),
    scopes: [...scopes].sort(),
    active: told['active'] === true && told['revoked'] !== true,
    createdAt: textIn(told['created_at']),
    expiresAt: textIn(told['expires_at']),
    lastUsedAt: textIn(told['last_used_at']),
    accessLevel: typeof level === 'number' ? level : undefined,
  };
}

/**
 * What GitLab says of the token it is asked with: of our own, or of `key`. Any scope will do.
 * @throws RotationError UNAUTHENTICATED when it is dead
 */
export async function askSelf(
  client: GitlabClient,
  key: Secret | undefined,
  signal: AbortSignal,
): Promise<TokenFacts> {
  const about = {
    subject: client.name,
    action: key === undefined ? 'ask what our own token may do' : 'ask GitLab about the token',
    effect: 'read',
  } as const;
  const path = '/personal_access_tokens/self';
  const told = await client.ask(
    { ...about, method: 'GET', path, ...(key === undefined ? {} : { as: key }) },
    signal,
  );
  const facts = tokenFactsIn(told);
  if (facts === undefined)
    throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer describes no token' });
  return facts;
}

function isTexts(told: unknown): told is readonly string[] {
  return Array.isArray(told) && told.every((each) => typeof each === 'string');
}

function textIn(told: unknown): string | undefined {
  return typeof told === 'string' && told !== '' ? told : undefined;
}
