import { RotationError } from '../../core/errors/rotation-error.ts';
import type { StoreIdentity } from '../../core/plugins/store.ts';
import { type About, recordIn, strangeAnswer } from '../http/answer.ts';
import type { JenkinsClient } from './jenkins-client.ts';
import { jenkinsError } from './jenkins-error.ts';

/**
 * From `GET /whoAmI/api/json`: `{"name","anonymous","authenticated",…}`.
 * @throws RotationError UNAUTHENTICATED, also where Jenkins takes us for nobody in particular
 */
export async function askWhoami(client: JenkinsClient, signal: AbortSignal): Promise<StoreIdentity> {
  const about: About = { subject: client.name, action: 'ask who we are', effect: 'read' };
  const answer = await client.get('/whoAmI/api/json', about.action, signal);
  if (answer.status !== 200) throw jenkinsError(answer, about);
  const { name, anonymous } = recordIn(answer, about) as { name?: unknown; anonymous?: unknown };
  if (typeof name !== 'string' || name === '') throw strangeAnswer(answer, about);
  if (anonymous === true) {
    throw new RotationError('UNAUTHENTICATED', { ...about, reason: 'Jenkins takes us for anonymous' });
  }
  return { display: `${name} at ${client.address}`, attributes: { user: name, address: client.address } };
}
