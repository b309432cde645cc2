import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { StoreIdentity } from '../../core/plugins/store.ts';
import type { BitbucketClient, BitbucketObject } from './bitbucket-client.ts';
import type { BitbucketOptions } from './options.ts';

/**
 * From `GET /user`: `{"account_id","uuid","nickname","display_name"}`. An access token of a workspace, project or
 * repository is no user, and may be told nothing of itself (403, 404).
 */
export async function askWhoami(
  client: BitbucketClient,
  { auth }: Pick<BitbucketOptions, 'auth'>,
  signal: AbortSignal,
): Promise<StoreIdentity> {
  const { name: subject, address } = client;
  const about = { subject, action: 'ask who we are', effect: 'read' } as const;
  let user: BitbucketObject;
  try {
    user = await client.ask({ ...about, method: 'GET', path: '/user' }, signal);
  } catch (error) {
    const untold = isRotationError(error, 'PERMISSION_DENIED') || isRotationError(error, 'NOT_FOUND');
    if (!untold || auth.method !== 'access-token') throw error;
    return { display: `an access token at ${address}`, attributes: { address } };
  }
  const { uuid, display_name: display, account_id: accountId } = user;
  if (typeof uuid !== 'string' || uuid === '')
    throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer names nobody' });
  return {
    display: `${typeof display === 'string' ? display : uuid} at ${address}`,
    attributes: { uuid, ...(typeof accountId === 'string' ? { accountId } : {}), address },
  };
}
