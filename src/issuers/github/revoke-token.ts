import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { sendAs } from '../../lib/github/github-client.ts';
import { githubError } from '../../lib/github/github-error.ts';
import { type About, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpClient } from '../../lib/http/http-client.ts';

/**
 * Reports a token as exposed: GitHub revokes it for good and writes to its owner. Sent as nobody, since GitHub refuses
 * it with a login (403). 202 says that the report was taken, also for a token that is dead already; death is proved by
 * asking with the token.
 * @throws RotationError REFUSED, RATE_LIMITED (60 an hour from one address), INDETERMINATE when the answer was lost
 */
export async function revokeToken(
  http: HttpClient,
  key: Credential,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const about: About = { subject: name, action: 'report the token as exposed', effect: 'write' };
  const token = key[VALUE_PART];
  if (token === undefined) throw new RotationError('INTERNAL', { ...about, reason: 'there is no token' });
  const body = { credentials: [token.reveal()] };
  const answer = await sendAs(
    http,
    undefined,
    { ...about, method: 'POST', path: '/credentials/revoke', body },
    signal,
  );
  if (answer.status === 202) return;
  if (answer.status < 300) throw strangeAnswer(answer, about);
  // GitHub quotes what it finds wrong with a request, and this one holds the token.
  const quoted = answer.body.replaceAll(token.reveal(), '[left out]');
  throw githubError({ status: answer.status, headers: answer.headers, body: quoted }, about);
}
