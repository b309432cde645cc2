import type { GithubClient } from '../../lib/github/github-client.ts';

/** What every look of preflight needs. */
export interface Asking {
  readonly client: GithubClient;
  /** `github/acme/shop`: the subject of findings. */
  readonly place: string;
  readonly signal: AbortSignal;
}
