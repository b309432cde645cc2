import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { StoreIdentity } from '../../core/plugins/store.ts';
import type { BitbucketClient, BitbucketObject } from './bitbucket-client.ts';
import type { BitbucketOptions } from './options.ts';

/**
 * From `GET /user`: `{"account_id","uuid","nickname","display_name"}`. An access token of a workspace, project or
 * repository is no user, and may be told nothing of itself (403, 404). An API token is told only with a scope of its own
 * (`read:user:bitbucket`, else 403), which writing a variable does not need.
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
    const mayNotKnow = isRotationError(error, 'PERMISSION_DENIED');
    if (auth.method === 'api-token' && mayNotKnow)
      return { display: `an API token of ${auth.email} at ${address}`, attributes: { address } };
    if (auth.method === 'access-token' && (mayNotKnow || isRotationError(error, 'NOT_FOUND')))
      return { display: `an access token at ${address}`, attributes: { address } };
    throw error;
  }
  const { uuid, display_name: display, account_id: accountId } = user;
  if (typeof uuid !== 'string' || uuid === '')
    throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer names nobody' });
  return {
    display: `${typeof display === 'string' ? display : uuid} at ${address}`,
    attributes: { uuid, ...(typeof accountId === 'string' ? { accountId } : {}), address },
  };
}
