import { RotationError } from '../../core/errors/rotation-error.ts';
import type { StoreIdentity } from '../../core/plugins/store.ts';
import type { TravisClient } from './travis-client.ts';

/** From `GET /user`: `{"@type":"user","id","login",…}`. */
export async function askWhoami(
  client: TravisClient,
  { name, address }: { readonly name: string; readonly address: string },
  signal: AbortSignal,
): Promise<StoreIdentity> {
  const about = { subject: name, action: 'ask who we are', effect: 'read' } as const;
  const { id, login } = await client.ask('user', { ...about, method: 'GET', path: '/user' }, signal);
  if (typeof login !== 'string' || login === '' || typeof id !== 'number') {
    throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer names nobody' });
  }
  return { display: `${login} at ${address}`, attributes: { login, userId: String(id), address } };
}
