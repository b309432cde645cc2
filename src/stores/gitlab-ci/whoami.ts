import { RotationError } from '../../core/errors/rotation-error.ts';
import type { StoreIdentity } from '../../core/plugins/store.ts';
import type { GitlabClient } from '../../lib/gitlab/gitlab-client.ts';

/** From `GET /user`: `{"id","username",…}`; project and group access tokens act as a bot user. */
export async function askWhoami(client: GitlabClient, signal: AbortSignal): Promise<StoreIdentity> {
  const about = { subject: client.name, action: 'ask who we are', effect: 'read' } as const;
  const { id, username } = await client.ask({ ...about, method: 'GET', path: '/user' }, signal);
  if (typeof id !== 'number' || typeof username !== 'string' || username === '') {
    throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer names nobody' });
  }
  const { address } = client;
  return { display: `${username} at ${address}`, attributes: { username, userId: String(id), address } };
}
