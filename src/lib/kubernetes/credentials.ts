import type { Secret } from '../../core/secret.ts';

/** What a request is authenticated with: a header, a client certificate, or both. */
export interface Credentials {
  readonly authorization?: Secret;
  /** User to act as, where the kubeconfig says so. */
  readonly impersonate?: string;
  /** PEM. */
  readonly cert?: string;
  readonly key?: Secret;
  /** Epoch ms until which they are good; undefined: until they are refused. */
  readonly goodUntil: number | undefined;
}
