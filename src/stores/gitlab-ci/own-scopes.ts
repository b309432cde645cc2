import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { GitlabClient } from '../../lib/gitlab/gitlab-client.ts';
import { askSelf } from '../../lib/gitlab/token-facts.ts';

export type OwnScopes = (signal: AbortSignal) => Promise<readonly string[] | undefined>;

/** Asked once a connection. An OAuth token is told nothing of itself (400): undefined. */
export function ownScopes(client: GitlabClient): OwnScopes {
  let known: readonly string[] | undefined;
  return async (signal) => {
    try {
      known ??= (await askSelf(client, undefined, signal)).scopes;
      return known;
    } catch (error) {
      if (isRotationError(error, 'REFUSED')) return undefined;
      throw error;
    }
  };
}
