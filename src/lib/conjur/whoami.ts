import { RotationError } from '../../core/errors/rotation-error.ts';
import type { StoreIdentity } from '../../core/plugins/store.ts';
import { recordIn } from '../http/answer.ts';
import { applianceUrl } from './appliance-url.ts';
import type { ConjurClient } from './conjur-client.ts';
import { type About, conjurError } from './conjur-error.ts';

/** From `GET /whoami`: `{"account","username",…}`. */
export async function askWhoami(
  client: ConjurClient,
  name: string,
  options: { readonly address: string },
  signal: AbortSignal,
): Promise<StoreIdentity> {
  const about: About = { subject: name, action: 'ask who we are', effect: 'read' };
  const answer = await client.send({ ...about, method: 'GET', path: '/whoami' }, signal);
  if (answer.status !== 200) throw conjurError(answer, about);
  const { account, username } = recordIn(answer, about) as { account?: unknown; username?: unknown };
  if (typeof account !== 'string' || typeof username !== 'string') {
    throw new RotationError('UNAVAILABLE', {
      subject: name,
      action: about.action,
      reason: 'the answer names nobody',
    });
  }
  const address = applianceUrl(options.address);
  return {
    display: `${username} in account ${account} at ${address}`,
    attributes: { account, username, address },
  };
}
