import type { ErrorCode } from '../../core/errors/codes.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { GitlabClient } from '../../lib/gitlab/gitlab-client.ts';
import { askSelf } from '../../lib/gitlab/token-facts.ts';

const UNTOLD: ReadonlySet<ErrorCode> = new Set(['REFUSED', 'PERMISSION_DENIED', 'NOT_FOUND']);

export type OwnScopes = (signal: AbortSignal) => Promise<readonly string[] | undefined>;

/**
 * Asked once a connection. Undefined for a token that is told nothing of itself: one of OAuth (400), one whose permissions
 * do not reach so far (403), any on an older GitLab (404). Whether it may write shows in the write then.
 */
export function ownScopes(client: GitlabClient): OwnScopes {
  let known: readonly string[] | undefined;
  return async (signal) => {
    try {
      known ??= (await askSelf(client, undefined, signal)).scopes;
      return known;
    } catch (error) {
      if (isRotationError(error) && UNTOLD.has(error.code)) return undefined;
      throw error;
    }
  };
}
