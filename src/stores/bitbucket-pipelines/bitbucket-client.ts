import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Secret } from '../../core/secret.ts';
import { type JsonApi, type JsonRecord, openJsonApi } from '../../lib/http/json-api.ts';
import { bitbucketError } from './bitbucket-error.ts';
import type { BitbucketOptions } from './options.ts';

export type BitbucketObject = JsonRecord;

/** Bitbucket's API 2.0 as one identity. */
export type BitbucketClient = JsonApi;

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export function openBitbucket(
  { address, ca, auth }: BitbucketOptions,
  open: Pick<OpenContext, 'name' | 'timeoutMs' | 'resolve'>,
): Promise<BitbucketClient> {
  return openJsonApi({ address, ca, token: auth.token }, open, {
    base: '/2.0',
    headers: (token) => ({ authorization: authorization(auth, token) }),
    errorOf: bitbucketError,
  });
}

function authorization(auth: BitbucketOptions['auth'], token: Secret): string {
  if (auth.method === 'access-token') return `Bearer ${token.reveal()}`;
  return `Basic ${Buffer.from(`${auth.email}:${token.reveal()}`, 'utf8').toString('base64')}`;
}
