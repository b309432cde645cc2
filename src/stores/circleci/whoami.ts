import { RotationError } from '../../core/errors/rotation-error.ts';
import type { StoreIdentity } from '../../core/plugins/store.ts';
import type { CircleciClient } from '../../lib/circleci/circleci-client.ts';

/** From `GET /me`: `{"id","login","name"}`. */
export async function askWhoami(client: CircleciClient, signal: AbortSignal): Promise<StoreIdentity> {
  const about = { subject: client.name, action: 'ask who we are', effect: 'read' } as const;
  const { id, login } = await client.ask({ ...about, method: 'GET', path: '/me' }, signal);
  if (typeof id !== 'string' || typeof login !== 'string' || id === '' || login === '') {
    throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer names nobody' });
  }
  const { address } = client;
  return { display: `${login} at ${address}`, attributes: { login, userId: id, address } };
}
